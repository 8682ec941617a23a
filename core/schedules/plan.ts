import type { Schedule } from '../../model/schedules.ts';
import { HOUR, type Instant, SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { timesAfter } from './next-times.ts';

/** Which runs of a schedule are to be made now, and when to look at it again. */
export interface Plan {
  /** In order. Those of before `now` were missed: nobody looked in time. */
  readonly times: readonly Instant[];
  /** The time that follows each of them; undefined: none does. */
  readonly nexts: readonly (Instant | undefined)[];
  /** All up to here have been made, or passed over. */
  readonly until: Instant;
  /** undefined: never again, the rule has ended. */
  readonly visitAt: Instant | undefined;
}

/**
 *            until, of the visit before       now
 *   ------------|------ missed ----------------|---- ahead -------->
 *               made or passed over: see below   at least 3 and an hour, at most 100 and 100 days
 *
 * Ahead: as Prefect's scheduler has it, `max_scheduled_runs` at the most. The next look is when that
 * rule would make another one: when fewer than 3, or less than an hour, are left; where 100 are less
 * than an hour, when half of them are used up.
 *
 * Missed, by the late policy: `all` of them, some per visit; the `latest`; those not later than the
 * grace (`skip`). Never made are times of before the schedule, or its deployment, was changed last.
 *
 * @throws DibsError invalid_request where the rule cannot be read
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

/** What the scheduler has made ahead by `now`, and `beyond` it, the first that it has not. */
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

/** One more than a visit makes, where there are more. */
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

/** Looks back further and further, so that a dense rule is not walked through from long ago. */
function latestOf(rule: Schedule['rule'], until: Instant, now: Instant): Instant[] {
  for (let back = HOUR; ; back *= 4) {
    const from = Math.max(until, now - back);
    let latest: Instant | undefined;
    for (const time of timesUpTo(rule, from, now)) latest = time;
    if (latest !== undefined) return [latest];
    if (from === until) return [];
  }
}
