import type { Deployment } from '../../model/deployments.ts';
import type { Schedule } from '../../model/schedules.ts';
import { HOUR, type Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { makeScheduledRuns } from './make-runs.ts';
import { timesAfter } from './next-times.ts';

export interface ScheduleCall {
  /** The first time that may be made; default: now. */
  readonly from?: Instant;
  /** The last one; default: 100 days later. */
  readonly to?: Instant;
  /** Goes on for so long at least, and for so many: default an hour, and 3. */
  readonly minTime?: Instant;
  readonly minRuns?: number;
  /** Default: 100. */
  readonly maxRuns?: number;
}

/**
 * Makes the runs of a deployment's active schedules in a span of time, whether it is paused or not.
 * Those that are there already stay as they are.
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
