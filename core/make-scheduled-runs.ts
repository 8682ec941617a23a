import type { Context } from './context.ts';
import { placeRun } from './create-run.ts';
import type { Instant } from './instant.ts';
import { lateTerms } from './late-policy.ts';
import { composeRun } from './new-run.ts';
import { overlay } from './parameters.ts';
import { poolOf } from './place-deployment.ts';
import type { Deployment } from './records.ts';
import type { NewRun } from './run.ts';
import { scheduledKey, scheduledRunId } from './scheduled-run-ids.ts';
import { nameOf, type Schedule } from './schedules.ts';

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
