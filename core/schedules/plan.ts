import type { Schedule } from '../../model/schedules.ts';
import { HOUR, type Instant, SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { timesAfter } from './next-times.ts';

/**
 * The times for which a schedule's runs are to be created now, and when to visit the schedule
 * again.
 */
export interface Plan {
  /** In order. Times before `now` were missed: no scheduler visited the schedule in time. */
  readonly times: readonly Instant[];
  /** For each of `times`, the next time of the schedule; undefined: there is none. */
  readonly nexts: readonly (Instant | undefined)[];
  /** The runs of all times up to here have been created or skipped. */
  readonly until: Instant;
  /** When to visit the schedule again; undefined: never, because the rule has ended. */
  readonly visitAt: Instant | undefined;
}

/**
 * Plans one visit of a schedule.
 *
 *      `until` of the last visit              now
 *   ------------|------ missed ----------------|---- ahead -------->
 *               created or skipped: see below    at least 3 and an hour, at most 100 and 100 days
 *
 * Ahead: as in Prefect's scheduler, at most `max_scheduled_runs`. The next visit is due when this
 * rule would create another run: when fewer than 3 runs, or less than an hour of runs, are left. If
 * 100 runs cover less than an hour, it is due when half of them are used up.
 *
 * Missed, by the late policy: `all` creates all of them, a limited number per visit; `latest` only
 * the latest; `skip` only those within the grace. Times before the last change of the schedule or
 * its deployment are never made up for.
 *
 * @throws DibsError invalid_request if the rule cannot be parsed
 */
export function plan(schedule: Schedule, until: Instant, now: Instant): Plan {
  const missed = missedTimes(schedule, until, now);
  const last = missed.at(-1);
  if (missed.length > NUMBERS.missedPerVisit && last !== undefined) {
    const times = missed.slice(0, -1);
    return { times, nexts: missed.slice(1), until: times.at(-1) ?? last, visitAt: now };
  }
  const { ahead, beyond } = timesAhead(schedule, now);
  const times = [...missed, ...ahead].filter((time) => time > until);
  return {
    times,
    nexts: [...times.slice(1), beyond],
    until: Math.max(until, now, ahead.at(-1) ?? 0),
    visitAt: beyond === undefined ? undefined : visitAt(schedule, ahead, beyond, now),
  };
}

/**
 * The times for which the scheduler has created runs by `now`, and `beyond`, the first time after
 * them.
 */
export function timesAhead(
  schedule: Pick<Schedule, 'rule' | 'maxScheduledRuns'>,
  now: Instant,
): { readonly ahead: readonly Instant[]; readonly beyond: Instant | undefined } {
  const ahead: Instant[] = [];
  for (const time of timesAfter(schedule.rule, now)) {
    const { length } = ahead;
    const isEnough = length >= NUMBERS.madeAheadAtLeast && (ahead.at(-1) ?? 0) >= now + HOUR;
    if (isEnough || length >= most(schedule) || time > now + NUMBERS.madeAheadFor) {
      return { ahead, beyond: time };
    }
    ahead.push(time);
  }
  return { ahead, beyond: undefined };
}

const most = ({ maxScheduledRuns }: Pick<Schedule, 'maxScheduledRuns'>): number =>
  maxScheduledRuns ?? NUMBERS.madeAheadAtMost;

function visitAt(
  schedule: Schedule,
  ahead: readonly Instant[],
  beyond: Instant,
  now: Instant,
): Instant {
  const soonest = now + SECOND;
  const inReach = beyond - NUMBERS.madeAheadFor;
  if (inReach > now) return Math.max(soonest, inReach);
  const half = ahead[Math.floor((ahead.length - 1) / 2)] ?? now;
  if (ahead.length >= most(schedule)) return Math.max(soonest, half);
  const fewLeft = ahead[ahead.length - NUMBERS.madeAheadAtLeast] ?? now;
  return Math.max(soonest, Math.min(fewLeft, (ahead.at(-1) ?? now) - HOUR));
}

/** The missed times; one more than a visit creates, if there are more. */
function missedTimes(schedule: Schedule, until: Instant, now: Instant): Instant[] {
  if (until >= now) return [];
  const { rule, latePolicy, lateGrace } = schedule;
  if (latePolicy === 'latest') return latestOf(rule, until, now);
  const from = latePolicy === 'skip' ? Math.max(until, now - lateGrace) : until;
  const missed: Instant[] = [];
  for (const time of timesUpTo(rule, from, now)) {
    missed.push(time);
    if (missed.length > NUMBERS.missedPerVisit) break;
  }
  return missed;
}

function* timesUpTo(rule: Schedule['rule'], from: Instant, to: Instant) {
  for (const time of timesAfter(rule, from)) {
    if (time > to) return;
    yield time;
  }
}

/**
 * The latest missed time. It looks back in growing steps, so that a dense rule is not read from its
 * start.
 */
function latestOf(rule: Schedule['rule'], until: Instant, now: Instant): Instant[] {
  for (let back = HOUR; ; back *= 4) {
    const from = Math.max(until, now - back);
    let latest: Instant | undefined;
    for (const time of timesUpTo(rule, from, now)) latest = time;
    if (latest !== undefined) return [latest];
    if (from === until) return [];
  }
}
