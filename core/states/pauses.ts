import { currentState, type Run, type RunState } from '../../model/runs/run.ts';
import { isFailure, isFinal, isPaused, isRunning, isScheduled } from '../../model/runs/state.ts';
import type { PauseMemory } from '../../model/runs/transition.ts';
import { fromIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

const NONE: PauseMemory = { keys: [], resuming: false };

/**
 * What a run remembers about its pauses once `state` is written (table: model/runs/transition.ts).
 */
export function pausesAfter(run: Run, state: RunState): PauseMemory | 'same' {
  const before = { keys: run.pauseKeys ?? [], resuming: run.resuming === true };
  const after = next(run, state, before);
  const same = after.resuming === before.resuming && after.keys.length === before.keys.length;
  return same ? 'same' : after;
}

function next(run: Run, state: RunState, before: PauseMemory): PauseMemory {
  const retries = isScheduled(state.type) && state.insteadOf !== undefined;
  if (retries || (isFinal(run.stateType) && !isFinal(state.type))) return NONE;
  if (isPaused(state.type)) {
    const key = state.details?.['pause_key'];
    const keys = typeof key === 'string' ? [...before.keys, key] : before.keys;
    return { keys: keys.slice(-NUMBERS.pauseKeys), resuming: before.resuming };
  }
  if (isRunning(state.type) || isFinal(state.type)) return { ...before, resuming: false };
  if (!isPaused(run.stateType)) return before;
  if (isScheduled(state.type) && beginsAnew(currentState(run))) return NONE;
  return { ...before, resuming: true };
}

/**
 * Whether a run that leaves `before` for SCHEDULED is executed from its beginning, with every pause
 * asked again: after a final state, and after a pause whose process waited for the answer and is
 * gone. A suspension has no process, so it is the same execution that goes on.
 */
const beginsAnew = (before: RunState): boolean =>
  isFinal(before.type) || (isPaused(before.type) && !suspends(before));

/**
 * How the current execution of a run came about, as Prefect's `retry_type`: as a retry that the
 * process itself waits for, or because the run was scheduled anew. Null for a first execution.
 */
export function retryType({ states }: Pick<Run, 'states'>): 'in_process' | 'reschedule' | null {
  for (let i = states.length - 1; i > 0; i--) {
    const [before, state] = [states[i - 1], states[i]] as [RunState, RunState];
    if (isScheduled(state.type)) {
      if (state.insteadOf !== undefined) return 'in_process';
      if (beginsAnew(before)) return 'reschedule';
    }
    const restarts = isFinal(before.type) && !isFinal(state.type);
    if (restarts || (isRunning(before.type) && isFailure(state.type))) return null;
  }
  return null;
}

/** Whether this pause is a suspension: the process ends, and another process continues later. */
export const suspends = ({ details }: Pick<RunState, 'details'>): boolean =>
  details?.['pause_reschedule'] === true;

/** The time until which a paused run may be resumed; `undefined`: there is no such limit. */
export function pausedUntil({ type, details }: Pick<RunState, 'type' | 'details'>) {
  const until = isPaused(type) ? details?.['pause_timeout'] : undefined;
  return typeof until === 'string' ? fromIso(until) : undefined;
}

export const NEVER_RESUMED = 'The flow was paused and never resumed.';
