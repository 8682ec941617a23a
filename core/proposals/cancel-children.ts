import { isInline, type Run } from '../../model/runs/run.ts';
import { runName } from '../../model/runs/run-name.ts';
import { isCancelled, isCancelling, isFinal, type StateType } from '../../model/runs/state.ts';
import type { TaskRunFound } from '../../model/task-runs.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import { tellFailure, tellFailures } from '../failures.ts';
import { setTaskRunState } from '../task-runs/change-task-run.ts';
import { NOBODY } from './identity.ts';
import { proposeState } from './propose-state.ts';

/** Subflows within subflows: the sweep, in a minute, goes on with what lies deeper. */
const DEEPEST = 10;

/**
 * Cancels what a cancelled run has started, because nobody waits for it any more:
 *
 * | the run is | a child run that waits | a child run that is held | a task run without a child  |
 * |------------|------------------------|--------------------------|-----------------------------|
 * | CANCELLING | CANCELLED              | CANCELLING               | stays: its process may end it |
 * | CANCELLED  | CANCELLED              | CANCELLING; CANCELLED if | CANCELLED                   |
 * |            |                        | its process was the run's|                             |
 *
 * Runs that were started without a parent (`as_subflow=False`) are left alone. A request does this
 * at once and for as long as it may take; the sweep does it again every minute, until it is done.
 */
export async function cancelChildren(
  context: Context,
  runId: string,
  type: StateType,
): Promise<void> {
  if (!isCancelling(type) && !isCancelled(type)) return;
  try {
    await cancelBelow(context, runId, context.now() + NUMBERS.cancelsFor / 3, 0);
  } catch (error) {
    // The run itself is cancelled, and the caller is told so. The sweep goes on.
    tellFailure(context, 'recovery_failures', error);
  }
}

/** Goes on with cancellations that are not done. Each run is handled by itself. */
export async function cancelAllChildren(context: Context): Promise<void> {
  const { store } = context;
  const until = context.now() + NUMBERS.cancelsFor;
  for (const cancellation of await store.listCancellations(context.now())) {
    if (context.now() > until) return;
    try {
      const done = await cancelBelow(context, cancellation.runId, until, 0);
      if (done) await store.forgetCancellation(cancellation);
    } catch (error) {
      tellFailure(context, 'recovery_failures', error);
    }
  }
}

/** Whether nothing is left to do, now or later. */
async function cancelBelow(
  context: Context,
  runId: string,
  until: number,
  depth: number,
): Promise<boolean> {
  const { store } = context;
  const taskRunIds = await store.listTaskRunsOf(runId);
  const run = taskRunIds.length > 0 ? await store.readRun(runId) : undefined;
  // It is gone, or was put back into its queue: then its children are its own affair again.
  if (!run || !(isCancelling(run.stateType) || isCancelled(run.stateType))) return true;
  let isDone = isFinal(run.stateType);
  for (const ids of inBatches(taskRunIds, NUMBERS.recoverAtOnce)) {
    if (context.now() > until) return false;
    const found = await store.readTaskRuns(ids);
    const results = await Promise.allSettled(
      found.map((one) => cancelTracked(context, { run, until, depth }, one)),
    );
    if (tellFailures(context, 'recovery_failures', results) > 0) isDone = false;
  }
  return isDone;
}

interface Parent {
  readonly run: Run;
  readonly until: number;
  readonly depth: number;
}

async function cancelTracked(
  context: Context,
  parent: Parent,
  { taskRun, childRunIds }: TaskRunFound,
): Promise<void> {
  const { run, until, depth } = parent;
  const children = await context.store.readRuns(childRunIds);
  for (const child of children) {
    if (isFinal(child.stateType)) continue;
    await cancelChild(context, run, child);
    if (depth < DEEPEST) await cancelBelow(context, child.id, until, depth + 1);
  }
  if (children.length > 0 || isFinal(taskRun.state.type) || !isFinal(run.stateType)) return;
  await setTaskRunState(context, taskRun.id, { type: 'CANCELLED', message: because(run) });
}

/** Asks the holder of the child to stop. One whose process was the cancelled run's has none. */
export async function cancelChild(context: Context, parent: Run, child: Run): Promise<void> {
  const ended = isInline(child) && isFinal(parent.stateType);
  if (isCancelling(child.stateType) && !ended) return;
  try {
    await proposeState(context, {
      runId: child.id,
      state: { type: ended ? 'CANCELLED' : 'CANCELLING', message: because(parent) },
      force: ended,
      identity: NOBODY,
    });
  } catch (error) {
    // It was deleted meanwhile.
    if (!(error instanceof DibsError && error.code === 'flow_run_not_found')) throw error;
  }
}

const because = (parent: Run): string =>
  `The run that started it, ${runName(parent)} (${parent.id}), was cancelled.`;
