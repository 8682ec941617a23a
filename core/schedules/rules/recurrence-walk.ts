import {
  civilOf,
  clockOf,
  DAY_LONG,
  type Day,
  dayAt,
  dayOfWall,
  HOUR_LONG,
  MINUTE_LONG,
  type WallTime,
  weekdayOf,
} from './calendar.ts';
import { type DayTest, dayTest } from './recurrence-days.ts';
import type { RecurrencePart } from './recurrence-part.ts';
import type { Steps } from './steps.ts';

/** No time of a rule is looked for after this year: keys hold instants up to it. */
export const LAST_YEAR = 2250;
const LAST_DAY = dayAt(LAST_YEAR, 1, 1);

/** Some days, each with the same times of day: what BYSETPOS picks from. */
interface Period {
  readonly days: readonly Day[];
  /** Seconds after midnight, in order. */
  readonly clocks: readonly number[];
}

/**
 * The times of one rule that are at or after `from`, in order, on the clock of the wall. The walk
 * begins near `from`, except that the first period is always that of DTSTART.
 */
export function* partWalls(
  part: RecurrencePart,
  start: WallTime,
  from: WallTime,
  steps: Steps,
): Generator<WallTime, void> {
  const { until = Infinity } = part;
  const first = Math.max(start, from);
  if (first > until) return;
  for (const period of periodsOf(part, start, first, steps)) {
    for (const wall of wallsOf(period, part.bysetpos)) {
      if (wall > until) return;
      if (wall < first) continue;
      steps.take();
      yield wall;
    }
  }
}

function* wallsOf({ days, clocks }: Period, bysetpos: RecurrencePart['bysetpos']) {
  if (!bysetpos || clocks.length === 0) {
    for (const day of days) for (const clock of clocks) yield day * DAY_LONG + clock;
    return;
  }
  const size = days.length * clocks.length;
  const places = bysetpos.map((pos) => (pos > 0 ? pos - 1 : size + pos));
  const inside = places.filter((place) => place >= 0 && place < size);
  for (const place of [...new Set(inside)].sort((a, b) => a - b)) {
    const day = days[Math.floor(place / clocks.length)] as Day;
    yield day * DAY_LONG + (clocks[place % clocks.length] as number);
  }
}

function periodsOf(
  part: RecurrencePart,
  start: WallTime,
  from: WallTime,
  steps: Steps,
): Generator<Period, void> {
  const isDay = dayTest(part, dayOfWall(start));
  const walk = { part, start, from, steps, isDay };
  const { freq } = part;
  if (freq === 'HOURLY') return shortPeriods(walk, HOUR_LONG);
  if (freq === 'MINUTELY') return shortPeriods(walk, MINUTE_LONG);
  if (freq === 'SECONDLY') return shortPeriods(walk, 1);
  return longPeriods(walk);
}

interface Walk {
  readonly part: RecurrencePart;
  readonly start: WallTime;
  readonly from: WallTime;
  readonly steps: Steps;
  readonly isDay: DayTest;
}

/** Periods of a day or more. */
function* longPeriods({ part, start, from, steps, isDay }: Walk): Generator<Period, void> {
  const clocks = clocksOf(part, start, DAY_LONG);
  const spanOf = spans(part, dayOfWall(start));
  const fromDay = dayOfWall(from);
  for (let nth = nthBefore(part, dayOfWall(start), fromDay); ; nth++) {
    steps.take();
    const [first, end] = spanOf(nth);
    if (first >= LAST_DAY) return;
    if (end <= fromDay) continue;
    const days: Day[] = [];
    for (let day = first; day < end; day++) {
      if (part.freq !== 'DAILY') steps.take();
      if (isDay(day)) days.push(day);
    }
    if (days.length > 0) yield { days, clocks };
  }
}

/** The days of the nth period: its first, and the first after it. */
function spans({ freq, interval, wkst, bymonth }: RecurrencePart, start: Day) {
  const { year, month } = civilOf(start);
  const week = start - ((weekdayOf(start) - wkst + 7) % 7);
  return (nth: number): readonly [Day, Day] => {
    const count = nth * interval;
    if (freq === 'YEARLY') {
      // Only the months that the rule names.
      const last = bymonth ? Math.max(...bymonth) : 12;
      const first = bymonth ? Math.min(...bymonth) : 1;
      return [dayAt(year + count, first, 1), monthStart(year + count, last)];
    }
    if (freq === 'MONTHLY') {
      return [monthStart(year, month - 1 + count), monthStart(year, month + count)];
    }
    if (freq === 'DAILY') return [start + count, start + count + 1];
    // The first week begins with DTSTART.
    return [nth === 0 ? start : week + count * 7, week + count * 7 + 7];
  };
}

/** The first day of a month; `months` counts from January of that year, which is 0. */
const monthStart = (year: number, months: number): Day =>
  dayAt(year + Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1);

/** A period that is not after the one with this day. */
function nthBefore({ freq, interval }: RecurrencePart, start: Day, day: Day): number {
  const longest = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1 }[freq as 'DAILY'] ?? 1;
  return Math.max(0, Math.floor((day - start) / (longest * interval)) - 1);
}

/** Periods of an hour, a minute or a second: equal steps on the clock of the wall. */
function* shortPeriods(
  { part, start, from, steps, isDay }: Walk,
  unit: number,
): Generator<Period, void> {
  const length = part.interval * unit;
  const origin = start - (start % unit);
  const rests = clocksOf(part, start, unit);
  let nth = Math.max(0, Math.floor((from - start) / length) - 1);
  for (;;) {
    steps.take();
    const wall = origin + nth * length;
    const day = dayOfWall(wall);
    if (day >= LAST_DAY) return;
    const due = isDay(day) ? dueFrom(part, unit, wall) : (day + 1) * DAY_LONG;
    if (due === wall) {
      const clock = clockOf(wall);
      yield { days: [day], clocks: rests.map((rest) => clock + rest) };
      nth++;
    } else nth = Math.ceil((due - origin) / length);
  }
}

/** The period itself if its hour, minute and second are due; else where the next such may begin. */
function dueFrom(
  { byhour, byminute, bysecond }: RecurrencePart,
  unit: number,
  wall: WallTime,
): WallTime {
  const of = [
    { values: byhour, size: HOUR_LONG, within: DAY_LONG },
    { values: unit < HOUR_LONG ? byminute : undefined, size: MINUTE_LONG, within: HOUR_LONG },
    { values: unit < MINUTE_LONG ? bysecond : undefined, size: 1, within: MINUTE_LONG },
  ];
  for (const { values, size, within } of of) {
    if (!values) continue;
    const outer = wall - (wall % within);
    const value = Math.floor((wall - outer) / size);
    if (values.includes(value)) continue;
    const next = values.find((one) => one > value);
    return next === undefined ? outer + within : outer + next * size;
  }
  return wall;
}

/** The times within a period of this length, in order: what the BY parts name, or DTSTART's. */
function clocksOf(
  { byhour, byminute, bysecond }: RecurrencePart,
  start: WallTime,
  length: number,
): number[] {
  const clock = clockOf(start);
  const hours = byhour ?? [Math.floor(clock / HOUR_LONG)];
  const minutes = byminute ?? [Math.floor(clock / MINUTE_LONG) % 60];
  const seconds = bysecond ?? [clock % MINUTE_LONG];
  const perMinute = length > 1 ? seconds : [0];
  const perHour = length > MINUTE_LONG ? minutes : [0];
  const perDay = length > HOUR_LONG ? hours : [0];
  return perDay.flatMap((h) =>
    perHour.flatMap((m) => perMinute.map((s) => h * HOUR_LONG + m * MINUTE_LONG + s)),
  );
}
