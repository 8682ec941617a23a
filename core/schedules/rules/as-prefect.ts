import type {
  CronRule,
  IntervalRule,
  RecurrenceRule,
  ScheduleRule,
} from '../../../model/schedules.ts';
import { DAY, type Instant, LAST_INSTANT, SECOND } from '../../../model/values/instant.ts';
import { NUMBERS } from '../../../model/values/numbers.ts';
import { clockOf, DAY_LONG, dayOfWall, HOUR_LONG, type WallTime } from './calendar.ts';
import { cronWalls } from './cron.ts';
import { readCron } from './cron-text.ts';
import { isWholeDays } from './interval.ts';
import { recurrenceWalls } from './recurrence.ts';
import { readRecurrence } from './recurrence-text.ts';
import { Steps } from './steps.ts';
import { type Zone, zoneOf } from './zone.ts';

/** The version of Prefect that schedules are compared with. */
export const PREFECT = 'Prefect 3.9.1';

/**
 * The first `count` times of a rule at or after an instant, as Prefect 3.9.1 computes them. It is
 * used to say what differs, and held against Prefect itself by scripts/schedules. Prefect treats
 * times that the clock leaves out otherwise:
 * - cron: each is due as much later as the gap is long
 * - RRULE: each is due as much earlier
 * - interval of whole days: later, and so are all times after it. Of times that occur twice it
 *   runs the second, on Python 3.11 (the first on 3.13)
 */
export function prefectTimes(rule: ScheduleRule, from: Instant, count: number): Instant[] {
  const zone = zoneOf(rule.timezone);
  const start = Math.ceil(from / SECOND);
  if (rule.kind === 'interval') return intervalTimes(rule, zone, from, count);
  const isCron = rule.kind === 'cron';
  const found = new Set<number>();
  // Times in a gap may be due up to a gap's length away.
  const walls = isCron ? cron(rule) : recurrence(rule);
  for (const wall of walls(zone.wallOf(start) - LONGEST_GAP)) {
    const { at, gap } = zone.read(wall);
    if (at * SECOND >= LAST_INSTANT) break;
    const due = gap && !isCron ? at - gap.length : at;
    if (due >= start) found.add(due);
    if (found.size >= count) break;
  }
  return [...found].sort((a, b) => a - b).map((at) => at * SECOND);
}

/** Of the gaps that are still to come. */
const LONGEST_GAP = 3 * HOUR_LONG;

const STEPS = 'The times cannot be found';

function cron(rule: CronRule): (from: WallTime) => Iterable<WallTime> {
  const fields = readCron(rule.cron, 'prefect');
  const steps = new Steps(NUMBERS.ruleSteps, STEPS);
  return (from) => cronWalls(fields, rule.dayOr, from, steps);
}

function recurrence({ rrule }: RecurrenceRule): (from: WallTime) => Iterable<WallTime> {
  const read = readRecurrence(rrule);
  const steps = new Steps(NUMBERS.ruleSteps, STEPS);
  return (from) => recurrenceWalls(read, read.start ?? 0, from, steps);
}

function intervalTimes(rule: IntervalRule, zone: Zone, from: Instant, count: number): Instant[] {
  const { interval, anchor } = rule;
  const times: Instant[] = [];
  if (!isWholeDays(rule)) {
    const first = Math.ceil((from - anchor) / interval);
    for (let n = first; times.length < count; n++) times.push(anchor + n * interval);
    return times;
  }
  const seconds = Math.floor(anchor / SECOND);
  const rest = anchor - seconds * SECOND;
  const begin = zone.wallOf(seconds);
  let n = Math.max(0, Math.floor((from - 2 * DAY - anchor) / interval));
  for (; times.length < count; n++) {
    const wall = begin + (n * interval) / SECOND;
    const at = secondTime(driven(wall, rule, zone), zone) * SECOND + rest;
    if (at >= from) times.push(at);
  }
  return times;
}

/** Of a wall time that occurs twice, the second; in a gap as much later as that is long. */
function secondTime(wall: WallTime, zone: Zone): number {
  const { at } = zone.read(wall);
  const change = zone.changeAfter(at);
  return change && wall >= change.wall && change.length < 0 ? at - change.length : at;
}

/** Moves a time by each gap that the series has met since its anchor. */
function driven(wall: WallTime, { interval, anchor }: IntervalRule, zone: Zone): WallTime {
  const seconds = Math.floor(anchor / SECOND);
  const begin = zone.wallOf(seconds);
  const days = interval / DAY;
  let moved = 0;
  for (let change = zone.changeAfter(seconds); change && change.wall <= wall + DAY_LONG; ) {
    const day = dayOfWall(change.wall - change.length);
    const clock = clockOf(begin) + moved;
    const met = day * DAY_LONG + clock;
    const isMet =
      (day - dayOfWall(begin)) % days === 0 &&
      met >= change.wall - change.length &&
      met < change.wall;
    if (isMet && met <= wall + moved) moved += change.length;
    change = zone.changeAfter(change.at);
  }
  return wall + moved;
}
