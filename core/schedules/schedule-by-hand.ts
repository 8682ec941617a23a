import type { Deployment } from '../../model/deployments.ts';
import type { Schedule } from '../../model/schedules.ts';
import { HOUR, type Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { makeScheduledRuns } from './make-runs.ts';
import { timesAfter } from './next-times.ts';

export interface ScheduleCall {
  /** The earliest time of a run; default: now. */
  readonly from?: Instant;
  /** The latest time of a run; default: 100 days after `from`. */
  readonly to?: Instant;
  /** At least this span is covered, and at least `minRuns` runs; defaults: an hour and 3. */
  readonly minTime?: Instant;
  readonly minRuns?: number;
  /** Default: 100. */
  readonly maxRuns?: number;
}

/**
 * Creates the runs of a deployment's active schedules in a span of time, even if the deployment is
 * paused. Runs that already exist stay unchanged.
 * @throws DibsError payload_too_large
 */
export async function scheduleByHand(
  context: Context,
  deployment: Deployment,
  call: ScheduleCall,
): Promise<void> {
  for (const schedule of deployment.schedules.filter(({ active }) => active)) {
    const { times, next } = timesIn(schedule, context.now(), call);
    const dues = times.map((time, i) => ({ time, next: times[i + 1] ?? next }));
    const runs = await makeScheduledRuns(context, deployment, schedule, dues);
    for (const run of runs) await context.store.createRun(run, { unlessDeleted: true });
  }
}

function timesIn({ rule }: Schedule, now: Instant, call: ScheduleCall) {
  const { from = now, minTime = HOUR, minRuns = NUMBERS.madeAheadAtLeast } = call;
  const { to = from + NUMBERS.madeAheadFor, maxRuns = NUMBERS.madeAheadAtMost } = call;
  const times: Instant[] = [];
  for (const next of timesAfter(rule, from - 1)) {
    const isEnough = times.length >= minRuns && (times.at(-1) ?? from) >= from + minTime;
    if (isEnough || times.length >= maxRuns || next > to) return { times, next };
    times.push(next);
  }
  return { times, next: undefined };
}
