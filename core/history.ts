import type { Context } from './context.ts';
import { runNotFound } from './errors.ts';
import type { Run, RunState } from './run.ts';
import { isScheduled } from './state.ts';

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
    const scheduledAt = state.type === 'PENDING' ? due : state.scheduledAt;
    return { ...state, at: last, ...(scheduledAt === undefined ? {} : { scheduledAt }) };
  });
}

/** All states of a run, also those moved out of its item. What is seen in both places counts once. */
export async function readHistory(
  { store }: Context,
  runId: string,
): Promise<{ run: Run; states: RunState[] }> {
  const run = await store.readRun(runId);
  if (!run) throw runNotFound();
  const moved = run.movedStates ? await store.readMovedStates(runId) : [];
  const known = new Set(run.states.map(({ id }) => id));
  const older = moved.filter(({ id }) => !known.has(id));
  return { run, states: inOrder([...older, ...run.states]) };
}
