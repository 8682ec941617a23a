import type { Instant } from './instant.ts';
import type { Run } from './run.ts';
import { isFinal } from './state.ts';
import { timeRunning } from './transition.ts';

/** Microseconds it has run; of one that runs now also those since it was started. */
export const runTime = (run: Run, now: Instant): Instant =>
  run.ranBefore + timeRunning(run.states, now);

/** Microseconds it was started late, or that it is late by now. */
export function lateness({ startedAt, expectedAt, stateType }: Run, now: Instant): Instant {
  if (startedAt !== undefined) return Math.max(0, startedAt - expectedAt);
  return isFinal(stateType) ? 0 : Math.max(0, now - expectedAt);
}
