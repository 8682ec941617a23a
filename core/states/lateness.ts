import type { RunState } from '../../model/runs/run.ts';
import { defaultName, isScheduled, STATE_NAME } from '../../model/runs/state.ts';
import { type Instant, SECOND } from '../../model/values/instant.ts';

export const LATE_AFTER = 15 * SECOND;

/**
 * Shows a waiting run as Late 15 s after it was due. This name is added on reads and never stored.
 */
export function withLateness(state: RunState, now: Instant): RunState {
  const late =
    isScheduled(state.type) &&
    state.name === defaultName(state.type) &&
    now - (state.scheduledAt ?? state.at) > LATE_AFTER;
  return late ? { ...state, name: STATE_NAME.late } : state;
}
