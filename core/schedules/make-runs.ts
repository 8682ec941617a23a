import type { Deployment } from '../../model/deployments.ts';
import type { NewRun } from '../../model/runs/run.ts';
import { nameOf, type Schedule } from '../../model/schedules.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import { overlay } from '../parameters/parameters.ts';
import { poolOf } from '../pools/pool-of.ts';
import { composeRun } from '../runs/compose-run.ts';
import { placeRun } from '../runs/create-run.ts';
import { lateTerms } from './late-terms.ts';
import { scheduledKey, scheduledRunId } from './run-ids.ts';

/** A time for which a run is created, and the next time of the schedule. */
export interface Due {
  readonly time: Instant;
  readonly next: Instant | undefined;
}

const AUTO_SCHEDULED = 'auto-scheduled';
const MESSAGE = 'Flow run scheduled';

/**
 * Composes the runs of a schedule for these times. Their parameters and job variables are not
 * validated here, as in Prefect; errors show when the run is executed, because a run that fails is
 * noticed, and a run that was never created is not.
 * @throws DibsError payload_too_large
 */
export async function makeScheduledRuns(
  context: Context,
  deployment: Deployment,
  schedule: Schedule,
  dues: readonly Due[],
): Promise<NewRun[]> {
  const placed = await placeRun(context, deployment, await poolOf(context, deployment), {
    parameters: overlay(deployment.parameters, schedule.parameters),
    tags: [...new Set([AUTO_SCHEDULED, ...deployment.tags])],
  });
  const { id: scheduleId } = schedule;
  const madeBy = { scheduleId, name: nameOf(schedule) };
  const runOf = async ({ time, next }: Due): Promise<NewRun> => {
    const idempotencyKey = scheduledKey(deployment, scheduleId, time);
    const state = { type: 'SCHEDULED', scheduledAt: time, message: MESSAGE } as const;
    const run = await composeRun(context, { ...placed, idempotencyKey }, state);
    const following = next === undefined ? undefined : { time: next, runId: idOf(next) };
    const late = lateTerms(schedule, time, following);
    return { ...run, madeBy, ...(late ? { late } : {}) };
  };
  const idOf = (time: Instant) => scheduledRunId(deployment, scheduleId, time);
  return Promise.all(dues.map(runOf));
}
