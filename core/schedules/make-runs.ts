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

/** A time to make a run for, and the one that follows it. */
export interface Due {
  readonly time: Instant;
  readonly next: Instant | undefined;
}

const AUTO_SCHEDULED = 'auto-scheduled';
const MESSAGE = 'Flow run scheduled';

/**
 * The runs of a schedule for these times, to be created. What is wrong with their parameters or job
 * variables shows when they are executed, as in Prefect: a run that fails is seen, one that is not
 * made is not.
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
