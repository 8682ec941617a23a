import type { Context } from './context.ts';
import { runNotFound } from './errors.ts';
import type { Run, RunState } from './run.ts';
import { isPending, isScheduled } from './state.ts';

/**
 * The states of a run with distinct times, oldest first. Writes that read nothing cannot look at the
 * state before; so two states of one millisecond are told apart here, each a microsecond after the
 * one before, the same way at every read.
 */
export function inOrder(states: readonly RunState[]): RunState[] {
  let last = 0;
  let due: number | undefined;
  return states.map((state) => {
    last = Math.max(state.at, last + 1);
    // The time a run is due goes along with it until it is scheduled anew.
    if (isScheduled(state.type)) due = state.scheduledAt;
    const scheduledAt = isPending(state.type) ? due : state.scheduledAt;
    return { ...state, at: last, ...(scheduledAt === undefined ? {} : { scheduledAt }) };
  });
}

/** All states of a run, also those moved out of its item. What is seen in both places counts once. */
export async function readHistory(
  context: Context,
  runId: string,
): Promise<{ run: Run; states: RunState[] }> {
  const found = await findHistory(context, runId);
  if (!found) throw runNotFound();
  return found;
}

export async function findHistory(
  { store }: Context,
  runId: string,
): Promise<{ run: Run; states: RunState[] } | undefined> {
  const run = await store.readRun(runId);
  if (!run) return undefined;
  const moved = run.movedStates > 0 ? await store.readMovedStates(runId) : [];
  const current = new Set(run.states.map(({ id }) => id));
  const older = new Map(moved.map((state) => [state.id, state]));
  for (const id of current) older.delete(id);
  return { run, states: inOrder([...older.values(), ...run.states]) };
}
