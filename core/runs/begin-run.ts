import type { Run } from '../../model/runs/run.ts';
import { isCancelled, isCancelling, isHeld } from '../../model/runs/state.ts';
import { rawSession, rawSessionOf } from '../../model/sessions.ts';
import { taskRunMissing } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { CutTexts } from '../cut-texts.ts';
import { limitedScopes } from '../limits/limited-scopes.ts';
import { keepWholeTexts } from '../logs/write-logs.ts';
import { cancelChild } from '../proposals/cancel-children.ts';
import { NOBODY } from '../proposals/identity.ts';
import { setState } from '../proposals/set-state.ts';
import { liveWorker } from '../sessions/live-worker.ts';
import { pausedUntil } from '../states/pauses.ts';
import type { StateWish } from '../states/proposal.ts';
import { composeRun, type Held, type Placed } from './compose-run.ts';

/**
 * Creates a run in its first state. A run that begins as PENDING or RUNNING is claimed by its
 * creator. If limits apply, it is created as SCHEDULED first and then claimed like any other run. A
 * run that begins as CANCELLING is claimed, too, so that it ends like any other that nobody stops;
 * it is never executed, so it needs no slot. One that begins as PAUSED has no process that waits:
 * whoever resumes it claims it.
 */
export async function newRun(
  context: Context,
  asGiven: Placed,
): Promise<{ run: Run; created: boolean }> {
  const texts = new CutTexts();
  const parentId = await parentOf(context, asGiven);
  const made = await createCut(context, withTextsCut(asGiven, texts));
  if (made.created) await keepWholeTexts(context, { runId: made.run.id, taskRunId: null }, texts);
  return made.created && parentId ? afterParent(context, made.run, parentId) : made;
}

/**
 * A process goes on for some seconds after its run was cancelled. What it starts then is cancelled,
 * too: the parent is read after the child was written, so none of the two can miss the other.
 */
async function afterParent(context: Context, run: Run, parentId: string) {
  const { store } = context;
  const parent = await store.readRun(parentId);
  const isAlone = !parent || !(isCancelling(parent.stateType) || isCancelled(parent.stateType));
  if (isAlone) return { run, created: true };
  await cancelChild(context, parent, run);
  return { run: (await store.readRun(run.id)) ?? run, created: true };
}

const withTextsCut = (wish: Placed, texts: CutTexts): Placed => ({
  ...wish,
  name: texts.cut('name', wish.name) ?? null,
  tags: texts.tags(wish.tags ?? []),
  flowVersion: texts.cut('version of the flow', wish.flowVersion) ?? null,
});

async function createCut(context: Context, wish: Placed): Promise<{ run: Run; created: boolean }> {
  const first: StateWish = wish.state ?? { type: wish.deploymentId ? 'SCHEDULED' : 'PENDING' };
  const poolId = wish.queueId
    ? (await context.store.readQueuePlace(wish.queueId))?.poolId
    : undefined;
  // The session is written before the limits are read: core/limits/settle.ts relies on this order.
  const claims = isHeld(first.type) || isCancelling(first.type);
  const claimant = claims ? await claimantOf(context, wish, poolId) : undefined;
  const until = context.now() + NUMBERS.limitsViewedWithin - NUMBERS.recordsCached;
  const limits = isHeld(first.type) ? await limitedScopes(context, wish, poolId) : [];
  if (limits.length === 0)
    return createAs(context, wish, first, claimant ? { claimant, until } : undefined);

  const made = await createAs(context, wish, { type: 'SCHEDULED' }, undefined);
  if (!made.created) return made;
  const identity = { ...NOBODY, workerName: wish.workerName };
  await setState(context, { runId: made.run.id, state: first, force: false, identity });
  return { run: (await context.store.readRun(made.run.id)) ?? made.run, created: true };
}

/** The run whose task run stands for this one. @throws DibsError task_run_missing */
async function parentOf({ store }: Context, { parentTaskRunId: id }: Placed) {
  if (!id) return undefined;
  const [found] = await store.readTaskRuns([id]);
  if (!found) throw taskRunMissing();
  return found.taskRun.flowRunId ?? undefined;
}

async function createAs(
  context: Context,
  wish: Placed,
  first: StateWish,
  held: Held | undefined,
): Promise<{ run: Run; created: boolean }> {
  const run = await composeRun(context, wish, first, held);
  const pausedTo = pausedUntil(run.state);
  if (pausedTo !== undefined) await context.store.notePause({ runId: run.id, until: pausedTo });
  // A limit may be set some seconds after none was found, so the write must start in time.
  const within = held && held.until + NUMBERS.claimWriteLasts - context.now();
  return context.store.createRun(run, within === undefined ? {} : { within });
}

/** The session of a creator that executes the run itself from the start. */
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
