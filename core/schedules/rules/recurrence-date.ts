import { DibsError } from '../../../model/values/errors.ts';
import { DAY_LONG, dayAt, HOUR_LONG, MINUTE_LONG, monthLength, type WallTime } from './calendar.ts';

const DATE =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d:?(?:\d\d)?)?$/;

/** A date on the clock of the schedule's zone. @throws DibsError invalid_request */
export function dateOf(text: string): WallTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (DATE.exec(text) ?? [])
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const isDate =
    year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month);
  if (!isDate || hour > 23 || minute > 59 || second > 59) {
    throw refused(`${short(text)} is no date`, 'Give a date such as 20260301T090000 or 20260301.');
  }
  return dayAt(year, month, day) * DAY_LONG + hour * HOUR_LONG + minute * MINUTE_LONG + second;
}

/** Long input is not repeated whole. */
export const short = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

export const refused = (why: string, hint: string) =>
  new DibsError('invalid_request', `The recurrence rule cannot be read: ${why}.`, { hint });
