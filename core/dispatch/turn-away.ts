import type { CollisionStrategy, Scope } from '../../model/limits.ts';
import type { WorkQueue } from '../../model/pools.ts';
import type { ReadyEntry } from '../../model/runs/dispatch-store.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { cancelWaitingRun } from '../states/cancel-waiting-run.ts';

/** A waiting run that met a full limit. */
export interface Turned {
  readonly entry: ReadyEntry;
  readonly full: Scope;
  readonly strategy: CollisionStrategy;
}

/**
 * Handles runs that met the full limit of their deployment. They wait in the deployment's lane; a
 * run that waited outside the lane (it is older than the limit) is moved there. If the deployment's
 * strategy is CANCEL_NEW they are cancelled instead. Each call handles some of them; later calls do
 * the rest.
 */
export async function turnAway(
  context: Context,
  queue: WorkQueue,
  turned: readonly Turned[],
): Promise<void> {
  const met = turned.filter(({ full }) => full.kind === 'deployment');
  const cancelled = met.filter(({ strategy }) => strategy === 'CANCEL_NEW');
  const strayed = met.filter(({ strategy, entry }) => strategy === 'ENQUEUE' && !entry.inLane);
  await Promise.all([
    ...cancelled.slice(0, NUMBERS.turnedAtOnce).map(({ entry }) => cancelNew(context, entry.runId)),
    ...strayed
      .slice(0, NUMBERS.turnedAtOnce)
      .map(({ entry, full }) =>
        context.store.moveToLane(entry, { queueId: queue.id, deploymentId: full.id }),
      ),
  ]);
}

/** Cancels a waiting run that met the full limit of its deployment. */
export async function cancelNew(context: Context, runId: string): Promise<void> {
  const run = await context.store.readRun(runId);
  // Once: a run that has changed since is met again by the next poll or claim, under the limit as it is then.
  await cancelWaitingRun(context, run, CANCELLED_NEW.text, 1);
}

/** The state message of a run that Prefect's strategy CANCEL_NEW cancels. */
export const CANCELLED_NEW = {
  text: "The deployment's concurrency limit is full, and its collision strategy is CANCEL_NEW.",
};
