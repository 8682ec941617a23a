import type { Instant, Micros } from '../values/instant.ts';
import { currentState, type Run, type RunState } from './run.ts';
import { isFinal, isRunning } from './state.ts';

/** Microseconds that the run has spent RUNNING, up to now if it is running. */
export const runTime = (run: Run, now: Instant): Micros =>
  run.ranBefore + timeRunning(run.states, now);

/** By how many microseconds the run started late, or is late by now. */
export function lateness({ startedAt, expectedAt, stateType }: Run, now: Instant): Micros {
  if (startedAt !== undefined) return Math.max(0, startedAt - expectedAt);
  return isFinal(stateType) ? 0 : Math.max(0, now - expectedAt);
}

/**
 * Microseconds spent RUNNING in these states; the last one lasts until `now` (0: do not count it).
 */
export function timeRunning(states: readonly RunState[], now: Instant): Micros {
  return states.reduce((sum, state, i) => {
    if (!isRunning(state.type)) return sum;
    const until = states[i + 1]?.at ?? now;
    return sum + Math.max(0, until - state.at);
  }, 0);
}

/** When the run ended: the time of its final state. */
export function endedAt(run: Run): Instant | undefined {
  return isFinal(run.stateType) ? currentState(run).at : undefined;
}
