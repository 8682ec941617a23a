import { fromIso, type Instant } from './instant.ts';
import { LIMITS } from './limits.ts';
import { currentState, type Run, type RunState } from './run.ts';
import { isFinal, isPaused, isRunning, isScheduled } from './state.ts';

/**
 * Pauses, as Prefect has them:
 *
 * | state                     | process        | claim and slots | listed     | resumes as            |
 * |---------------------------|----------------|-----------------|------------|-----------------------|
 * | PAUSED                    | lives, asks    | kept            | as held    | RUNNING               |
 * | PAUSED, pause_reschedule  | ended (suspend)| ended           | nowhere    | SCHEDULED, `Resuming` |
 *
 * A run remembers the keys of its pauses, so that code which is executed again does not pause again at
 * the same place, and whether it is resuming, for that is not another run of it. A pause that nobody
 * resumed is forgotten with its process (lost, given back, released): the question is asked again. A
 * retry and a new life after a final state begin with neither. A pause may have a time by which it must be resumed:
 * later it is FAILED, by who tries to move it on or by the sweeper.
 */
export interface PauseMemory {
  readonly keys: readonly string[];
  readonly resuming: boolean;
}

const NONE: PauseMemory = { keys: [], resuming: false };

/** What a run remembers of its pauses once `state` is written. */
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
    return { keys: keys.slice(-LIMITS.pauseKeys), resuming: before.resuming };
  }
  if (isRunning(state.type) || isFinal(state.type)) return { ...before, resuming: false };
  if (!isPaused(run.stateType)) return before;
  if (!run.claim || !isScheduled(state.type)) return { ...before, resuming: true };
  // Nobody answered its process, which is gone: executed again, it asks again.
  const asked = currentState(run).details?.['pause_key'];
  return { ...before, keys: before.keys.filter((key) => key !== asked) };
}

/** Whether the process ends with this pause, and another one goes on. */
export const suspends = ({ details }: Pick<RunState, 'details'>): boolean =>
  details?.['pause_reschedule'] === true;

/** Until when a pause may be resumed; undefined: for ever. */
export function pausedUntil({ type, details }: Pick<RunState, 'type' | 'details'>) {
  const until = isPaused(type) ? details?.['pause_timeout'] : undefined;
  return typeof until === 'string' ? fromIso(until) : undefined;
}

/** A run whose pause ended by itself, and when. */
export interface DuePause {
  readonly runId: string;
  readonly until: Instant;
}

export const NEVER_RESUMED = 'The flow was paused and never resumed.';
