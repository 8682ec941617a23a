import type { Run, RunState } from '../../model/runs/run.ts';
import { isPending, isScheduled } from '../../model/runs/state.ts';
import { runNotFound } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';

/**
 * Returns the states of a run with distinct times, oldest first. A write without a read cannot look
 * at the previous state, so two states may have the same time. Here each such state gets a time one
 * microsecond after the previous one, in the same way at every read.
 */
export function inOrder(states: readonly RunState[]): RunState[] {
  let last = 0;
  let due: number | undefined;
  return states.map((state) => {
    last = Math.max(state.at, last + 1);
    // A PENDING state keeps the time at which the run was due, until the run is scheduled again.
    if (isScheduled(state.type)) due = state.scheduledAt;
    const scheduledAt = isPending(state.type) ? due : state.scheduledAt;
    return { ...state, at: last, ...(scheduledAt === undefined ? {} : { scheduledAt }) };
  });
}

export interface History {
  readonly run: Run;
  readonly states: RunState[];
}

/** @throws DibsError flow_run_not_found */
export async function readHistory(context: Context, runId: string): Promise<History> {
  const history = await findHistory(context, runId);
  if (!history) throw runNotFound();
  return history;
}

/**
 * Returns all states of a run, including those that were moved out of its item. A state that is
 * found in both places counts once.
 */
export async function findHistory({ store }: Context, runId: string): Promise<History | undefined> {
  const run = await store.readRun(runId);
  if (!run) return undefined;
  const moved = run.movedStates > 0 ? await store.readMovedStates(runId) : [];
  const current = new Set(run.states.map(({ id }) => id));
  const older = new Map(moved.map((state) => [state.id, state]));
  for (const id of current) older.delete(id);
  return { run, states: inOrder([...older.values(), ...run.states]) };
}
