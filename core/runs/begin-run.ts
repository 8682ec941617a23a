import type { Run } from '../../model/runs/run.ts';
import { isCancelling, isHeld, isPaused } from '../../model/runs/state.ts';
import { rawSession, rawSessionOf } from '../../model/sessions.ts';
import { DibsError, taskRunMissing } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { limitedScopes } from '../limits/limited-scopes.ts';
import { NOBODY } from '../proposals/identity.ts';
import { setState } from '../proposals/set-state.ts';
import { liveWorker } from '../sessions/live-worker.ts';
import type { StateWish } from '../states/proposal.ts';
import { composeRun, type Held, type Placed } from './compose-run.ts';

/**
 * A run that begins PENDING or RUNNING is claimed by its creator. Where limits apply it waits like any
 * other first, and is then claimed like any other.
 */
export async function newRun(
  context: Context,
  wish: Placed,
): Promise<{ run: Run; created: boolean }> {
  const first: StateWish = wish.state ?? { type: wish.deploymentId ? 'SCHEDULED' : 'PENDING' };
  if (isCancelling(first.type) || isPaused(first.type)) {
    throw new DibsError('invalid_request', `A run cannot begin as ${first.type}.`, {
      hint: 'Begin it as SCHEDULED, PENDING, RUNNING or in a final state.',
    });
  }
  await assertParent(context, wish);
  const poolId = wish.queueId
    ? (await context.store.readQueuePlace(wish.queueId))?.poolId
    : undefined;
  // First the claimant's session, then the limits: settle.ts counts on it.
  const claimant = isHeld(first.type) ? await claimantOf(context, wish, poolId) : undefined;
  const until = context.now() + NUMBERS.limitsViewedWithin - NUMBERS.recordsCached;
  const limits = claimant ? await limitedScopes(context, wish, poolId) : [];
  if (limits.length === 0)
    return createAs(context, wish, first, claimant ? { claimant, until } : undefined);

  const made = await createAs(context, wish, { type: 'SCHEDULED' }, undefined);
  if (!made.created) return made;
  const identity = { ...NOBODY, workerName: wish.workerName };
  await setState(context, { runId: made.run.id, state: first, force: false, identity });
  return { run: (await context.store.readRun(made.run.id)) ?? made.run, created: true };
}

/** @throws DibsError task_run_missing */
async function assertParent({ store }: Context, { parentTaskRunId: id }: Placed): Promise<void> {
  if (id && (await store.readTaskRuns([id])).length === 0) throw taskRunMissing();
}

async function createAs(
  context: Context,
  wish: Placed,
  first: StateWish,
  held: Held | undefined,
): Promise<{ run: Run; created: boolean }> {
  const run = await composeRun(context, wish, first, held);
  // What was found to have no limit may have one some seconds later.
  const within = held && held.until + NUMBERS.claimWriteLasts - context.now();
  return context.store.createRun(run, within === undefined ? {} : { within });
}

/** The session of a creator that runs it by hand, from the start. */
async function claimantOf(
  context: Context,
  { workerName }: Placed,
  poolId: string | undefined,
): Promise<string> {
  if (!poolId) return rawSessionOf(poolId, workerName);
  const { store } = context;
  const live = workerName ? await liveWorker(store, poolId, workerName) : undefined;
  const session = live ?? rawSession(poolId, workerName, context.now());
  if (!live) await store.noteSession(session);
  return session.id;
}
