import { currentState, type Run, type RunState } from '../../model/runs/run.ts';
import { isFinal, isPaused, isRunning, isScheduled } from '../../model/runs/state.ts';
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
  if (!run.claim || !isScheduled(state.type)) return { ...before, resuming: true };
  // The process ended before anyone resumed it. When the run is executed again, it pauses at the
  // same place again, so this key is forgotten.
  const asked = currentState(run).details?.['pause_key'];
  return { ...before, keys: before.keys.filter((key) => key !== asked) };
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
