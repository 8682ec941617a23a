import type { Run, RunState } from '../../model/runs/run.ts';

/** A run entered a state. */
export interface StateChange {
  readonly run: Run;
  readonly state: RunState;
  /** undefined: it was created in this state. */
  readonly before: RunState | undefined;
}

/**
 * The states that a write to a run added, oldest first: one as a rule, two where a claim starts its run at
 * once. None where it changed something else. `before`: the run as it was; undefined: it was not there.
 */
export function stateChanges(before: Run | undefined, after: Run): StateChange[] {
  const known = new Set([...(before?.states ?? []).map(({ id }) => id), ...after.earlierIds]);
  return after.states.flatMap((state, i) =>
    known.has(state.id) ? [] : [{ run: after, state, before: after.states[i - 1] }],
  );
}
