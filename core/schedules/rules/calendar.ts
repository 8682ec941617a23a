/**
 * The calendar without a time zone. A wall time is what a clock on the wall shows, as whole seconds
 * since 1970-01-01T00:00:00 on that clock; a day is whole days since then. Plain integers, so that
 * a rule can be walked fast.
 */
export type WallTime = number;
export type Day = number;

export const MINUTE_LONG = 60;
export const HOUR_LONG = 3_600;
export const DAY_LONG = 86_400;

export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** The Gregorian calendar repeats after 400 years, which begin on a 1st of March here. */
const ERA = 146_097;
const TO_1970 = 719_468;

export function dayAt(year: number, month: number, day: number): Day {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * ERA + yearOfEra * 365 + leaps + dayOfYear - TO_1970;
}

export function civilOf(at: Day): Civil {
  const shifted = at + TO_1970;
  const era = Math.floor(shifted / ERA);
  const dayOfEra = shifted - era * ERA;
  const leaps =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const before = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - before;
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1 };
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const monthLength = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] ?? 31);

export const yearLength = (year: number): number => (isLeap(year) ? 366 : 365);

/** 0 is Monday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: Day): number => (((day + 3) % 7) + 7) % 7;

export const dayOfWall = (wall: WallTime): Day => Math.floor(wall / DAY_LONG);
export const clockOf = (wall: WallTime): number => wall - dayOfWall(wall) * DAY_LONG;

const two = (number: number) => String(number).padStart(2, '0');

/** `02:30`, or `02:30:15`. */
export function clockText(wall: WallTime): string {
  const clock = clockOf(wall);
  const text = `${two(Math.floor(clock / HOUR_LONG))}:${two(Math.floor(clock / MINUTE_LONG) % 60)}`;
  return clock % MINUTE_LONG === 0 ? text : `${text}:${two(clock % MINUTE_LONG)}`;
}

/** `2026-03-29`. */
export function dayText(wall: WallTime): string {
  const { year, month, day } = civilOf(dayOfWall(wall));
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
