import type { WallTime } from './calendar.ts';
import { dateOf, refused, short } from './recurrence-date.ts';

const FREQUENCIES = [
  ...(['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const),
];
type Frequency = (typeof FREQUENCIES)[number];
/** Monday first. */
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

type Numbers = readonly number[] | undefined;

/** One RRULE or EXRULE. */
export interface RecurrencePart {
  /** The text, in capitals. */
  readonly text: string;
  readonly freq: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  readonly until: WallTime | undefined;
  /** The first day of a week; 0 is Monday. */
  readonly wkst: number;
  readonly bysetpos: Numbers;
  readonly bymonth: Numbers;
  readonly bymonthday: Numbers;
  readonly byyearday: Numbers;
  readonly byweekno: Numbers;
  readonly byeaster: Numbers;
  readonly byhour: Numbers;
  readonly byminute: Numbers;
  readonly bysecond: Numbers;
  /** nth undefined: every such day. */
  readonly byday: readonly ByDay[] | undefined;
}

export interface ByDay {
  readonly weekday: number;
  readonly nth: number | undefined;
}

/** Bounds of the numbers of each part; `signed` ones count from the end, too, and have no 0. */
const BOUNDS = {
  BYSETPOS: { min: 1, max: 366, signed: true },
  BYMONTH: { min: 1, max: 12 },
  BYMONTHDAY: { min: 1, max: 31, signed: true },
  BYYEARDAY: { min: 1, max: 366, signed: true },
  BYWEEKNO: { min: 1, max: 53, signed: true },
  /** Days after Easter Sunday that are in its year. */
  BYEASTER: { min: -80, max: 249 },
  BYHOUR: { min: 0, max: 23 },
  BYMINUTE: { min: 0, max: 59 },
  BYSECOND: { min: 0, max: 59 },
} as const;

const SINGLE = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', 'BYWEEKDAY'];
const HINT = 'RFC 5545 has the parts of a rule, such as FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=9.';

/** @throws DibsError invalid_request */
export function readPart(text: string): RecurrencePart {
  const parts = new Map<string, string>();
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0));
    if (at < 0 || !(name in BOUNDS || SINGLE.includes(name))) {
      throw refused(`it has the unknown part ${short(pair)}`, HINT);
    }
    // dateutil's name. As there, the last of several wins.
    parts.set(name === 'BYWEEKDAY' ? 'BYDAY' : name, pair.slice(at + 1));
  }
  const freq = FREQUENCIES.find((one) => one === parts.get('FREQ'));
  if (!freq) throw refused(`FREQ is none of ${FREQUENCIES.join(', ')}`, HINT);
  const until = parts.get('UNTIL');
  const list = (name: keyof typeof BOUNDS) => numbers(name, parts.get(name));
  const wkst = parts.get('WKST');
  return {
    text,
    freq,
    interval: whole('INTERVAL', parts.get('INTERVAL')) ?? 1,
    count: whole('COUNT', parts.get('COUNT')),
    until: until === undefined ? undefined : dateOf(until),
    wkst: wkst === undefined ? 0 : weekday('WKST', wkst),
    bysetpos: list('BYSETPOS'),
    bymonth: list('BYMONTH'),
    bymonthday: list('BYMONTHDAY'),
    byyearday: list('BYYEARDAY'),
    byweekno: list('BYWEEKNO'),
    byeaster: list('BYEASTER'),
    byhour: list('BYHOUR'),
    byminute: list('BYMINUTE'),
    bysecond: list('BYSECOND'),
    byday: parts.get('BYDAY')?.split(',').map(byDay),
  };
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\+?\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value;
  throw refused(`${name} is ${short(text)}, and not a number from 1 on`, HINT);
}

function numbers(name: keyof typeof BOUNDS, text: string | undefined): Numbers {
  if (text === undefined) return undefined;
  const bounds: { min: number; max: number; signed?: true } = BOUNDS[name];
  const values = text.split(',').map((item) => {
    const value = /^[+-]?\d{1,4}$/.test(item) ? Number(item) : Number.NaN;
    const size = bounds.signed ? Math.abs(value) : value;
    if (size >= bounds.min && size <= bounds.max) return value;
    const or = bounds.signed ? `, or -${bounds.max} to -1` : '';
    throw refused(`${name} has ${short(item)}, and not ${bounds.min} to ${bounds.max}${or}`, HINT);
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

function weekday(name: string, text: string): number {
  const found = WEEKDAYS.indexOf(text);
  if (found >= 0) return found;
  throw refused(`${name} has ${short(text)}, and not one of ${WEEKDAYS.join(', ')}`, HINT);
}

/** `MO`, `-1FR`, or dateutil's `FR(-1)`. */
function byDay(item: string): ByDay {
  const match = /^([+-]?\d{1,2})?([A-Z]{2})(?:\(([+-]?\d{1,2})\))?$/.exec(item);
  const nth = match?.[1] ?? match?.[3];
  if (nth === undefined) return { weekday: weekday('BYDAY', item), nth: undefined };
  if (Number(nth) === 0) throw refused(`BYDAY has ${short(item)}, and weeks count from 1`, HINT);
  return { weekday: weekday('BYDAY', match?.[2] ?? item), nth: Number(nth) };
}
