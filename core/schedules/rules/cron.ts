import {
  type Civil,
  civilOf,
  clockOf,
  DAY_LONG,
  type Day,
  dayAt,
  dayOfWall,
  HOUR_LONG,
  MINUTE_LONG,
  monthLength,
  type WallTime,
  weekdayOf,
} from './calendar.ts';
import type { CronField, CronFields } from './cron-text.ts';
import type { Steps } from './steps.ts';

/** A cron that is not due in this many years is never due. Prefect's bound. */
const YEARS = 50;

/** True if the hour does not matter, as in `30 * * * *`. */
export const isEveryHour = ({ hour }: CronFields): boolean => hour.all || hour.values.length === 24;

/** The wall times of a cron from a given one on, in order. */
export function* cronWalls(
  fields: CronFields,
  dayOr: boolean,
  from: WallTime,
  steps: Steps,
): Generator<WallTime, void> {
  const isDue = dayTest(fields, dayOr);
  let clock = clockOf(from);
  let lastYear = civilOf(dayOfWall(from)).year + YEARS;
  for (let day = dayOfWall(from); ; clock = 0) {
    steps.take();
    const civil = civilOf(day);
    if (civil.year > lastYear) return;
    const jump = firstDayAfter(fields, civil);
    if (jump === undefined) return;
    if (jump > day) {
      day = jump;
      continue;
    }
    if (isDue(day, civil)) {
      for (const wall of timesOf(fields, day, clock)) {
        lastYear = civil.year + YEARS;
        steps.take();
        yield wall;
      }
    }
    day++;
  }
}

/** The day itself if its month and year are due, else the next first of a month to look at. */
function firstDayAfter({ month, year }: CronFields, civil: Civil): Day | undefined {
  if (year && !year.all && !year.values.includes(civil.year)) {
    const next = year.values.find((one) => one > civil.year);
    return next === undefined ? undefined : dayAt(next, 1, 1);
  }
  if (month.all || month.values.includes(civil.month)) return -Infinity;
  const next = month.values.find((one) => one > civil.month);
  if (next !== undefined) return dayAt(civil.year, next, 1);
  return dayAt(civil.year + 1, month.values[0] ?? 1, 1);
}

type DayTest = (day: Day, civil: Civil) => boolean;

/**
 * If both day fields are restricted, either may match (`dayOr`), or both must. With `2#3` or `L5`
 * and `dayOr` the days of the month do not count: Prefect (croniter) reads it so.
 */
function dayTest(fields: CronFields, dayOr: boolean): DayTest {
  const { as, day: ofMonth, weekday: ofWeek } = fields;
  const either = dayOr && !ofMonth.all && !ofWeek.all;
  const days = new Set(ofMonth.values);
  const weekdays = new Set(ofWeek.values);
  const byMonth = (civil: Civil) =>
    ofMonth.all ||
    (days.has(civil.day) && !(as === 'prefect' && isJumped(fields, civil))) ||
    (ofMonth.last && civil.day === monthLength(civil.year, civil.month));
  if (ofWeek.nths.length > 0) {
    return (day, civil) => isNth(ofWeek, day, civil) && (either || byMonth(civil));
  }
  const byWeek = (day: Day) => ofWeek.all || weekdays.has(sundayFirst(day));
  return either
    ? (day, civil) => byMonth(civil) || byWeek(day)
    : (day, civil) => byMonth(civil) && byWeek(day);
}

/** A date of March that a cron may miss with Prefect: it looks for a 30th in February first. */
export const isJumpable = ({ day, month }: CronFields): boolean =>
  [1, 2].some((early) => day.values.includes(early) && isJumpedIn({ day, month }, early, 28));

function isJumped(fields: CronFields, { year, month, day }: Civil): boolean {
  return month === 3 && isJumpedIn(fields, day, monthLength(year, 2));
}

function isJumpedIn(
  { day, month }: Pick<CronFields, 'day' | 'month'>,
  early: number,
  length: number,
) {
  const { values, last } = day;
  const beyond = values.find((one) => one > length);
  const months = month.all || (month.values.includes(2) && month.values.includes(3));
  if (!months || last || beyond === undefined || values.includes(length)) return false;
  return early < beyond - length;
}

const sundayFirst = (day: Day): number => (weekdayOf(day) + 1) % 7;

function isNth({ nths }: CronField, at: Day, { year, month, day }: Civil): boolean {
  const week = Math.ceil(day / 7);
  const isLast = day + 7 > monthLength(year, month);
  const weekday = sundayFirst(at);
  return nths.some(
    (one) => one.weekday === weekday && (one.nth === -1 ? isLast : one.nth === week),
  );
}

function* timesOf(
  { hour, minute, second }: CronFields,
  day: Day,
  clock: number,
): Generator<WallTime, void> {
  const seconds = second ? valuesOf(second, 60) : ZERO;
  for (const h of valuesOf(hour, 24)) {
    if ((h + 1) * HOUR_LONG <= clock) continue;
    for (const m of valuesOf(minute, 60)) {
      const start = h * HOUR_LONG + m * MINUTE_LONG;
      if (start + MINUTE_LONG <= clock) continue;
      for (const s of seconds) if (start + s >= clock) yield day * DAY_LONG + start + s;
    }
  }
}

const ZERO = [0];
const valuesOf = ({ all, values }: CronField, size: number): readonly number[] =>
  all ? ALL.slice(0, size) : values;
const ALL = Array.from({ length: 60 }, (_, value) => value);
