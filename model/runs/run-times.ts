import type { Instant, Micros } from '../values/instant.ts';
import { currentState, type Run, type RunState } from './run.ts';
import { isFinal, isRunning } from './state.ts';

/** Microseconds it has run; of one that runs now also those since it was started. */
export const runTime = (run: Run, now: Instant): Micros =>
  run.ranBefore + timeRunning(run.states, now);

/** Microseconds it was started late, or that it is late by now. */
export function lateness({ startedAt, expectedAt, stateType }: Run, now: Instant): Micros {
  if (startedAt !== undefined) return Math.max(0, startedAt - expectedAt);
  return isFinal(stateType) ? 0 : Math.max(0, now - expectedAt);
}

/** Microseconds spent RUNNING over these states; the last one lasts until `now` (0: not counted). */
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
