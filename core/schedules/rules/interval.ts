import type { IntervalRule } from '../../../model/schedules.ts';
import { DAY, type Instant, LAST_INSTANT, SECOND } from '../../../model/values/instant.ts';
import type { Zone } from './zone.ts';

/** The times of an interval after an instant. */
export function* intervalTimes(
  rule: IntervalRule,
  zone: Zone,
  after: Instant,
): Generator<Instant, void> {
  const nth = isWholeDays(rule) ? onTheClock(rule, zone) : equalSteps(rule);
  // The wall clock is never more than two days from where equal steps would be.
  const reach = Math.ceil((2 * DAY) / rule.interval) + 1;
  let n = Math.floor((after - rule.anchor) / rule.interval) - (isWholeDays(rule) ? reach : 0);
  let last = after;
  for (; ; n++) {
    const at = nth(n);
    if (at >= LAST_INSTANT) return;
    if (at <= last) continue;
    last = at;
    yield at;
  }
}

/** Intervals of whole days follow the wall clock, on which a day has 23, 24 or 25 hours. */
export const isWholeDays = ({ interval }: Pick<IntervalRule, 'interval'>): boolean =>
  interval % DAY === 0;

type Nth = (n: number) => Instant;

const equalSteps =
  ({ interval, anchor }: IntervalRule): Nth =>
  (n) =>
    anchor + n * interval;

function onTheClock({ interval, anchor }: IntervalRule, zone: Zone): Nth {
  const seconds = Math.floor(anchor / SECOND);
  const rest = anchor - seconds * SECOND;
  const start = zone.wallOf(seconds);
  return (n) => zone.read(start + (n * interval) / SECOND).at * SECOND + rest;
}
