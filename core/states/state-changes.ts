import type { Run, RunState } from '../../model/runs/run.ts';

/** A change of state: the run entered `state`. */
export interface StateChange {
  readonly run: Run;
  readonly state: RunState;
  /** undefined: the run was created in this state. */
  readonly before: RunState | undefined;
}

/**
 * Returns the states that a write added to a run, oldest first: usually one, two if a claim starts
 * its run at once, and none if the write changed something else.
 * @param before the run before the write; undefined if the write created it
 */
export function stateChanges(before: Run | undefined, after: Run): StateChange[] {
  const known = new Set([...(before?.states ?? []).map(({ id }) => id), ...after.earlierIds]);
  return after.states.flatMap((state, i) =>
    known.has(state.id) ? [] : [{ run: after, state, before: after.states[i - 1] }],
  );
}
