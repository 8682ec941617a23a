import type { Context } from './context.ts';
import { LIMITS } from './limits.ts';
import type { Run } from './run.ts';

/** What never changes of a run: enough to write to it without reading it first. */
export type RunFacts = Pick<Run, 'flowId' | 'deploymentId' | 'queueId'>;

/**
 * What a process was asked about, it will likely be asked about again: a worker polls, claims, starts
 * and finishes. What is remembered only saves reads; a write that relies on it says so in its condition,
 * for a run that was deleted may have been made anew, under the same idempotency key.
 */
export function remember({ known }: Context, run: Run): void {
  if (known.size >= LIMITS.runsKnown) known.clear();
  const { flowId, deploymentId, queueId } = run;
  known.set(run.id, {
    flowId,
    ...(deploymentId ? { deploymentId } : {}),
    ...(queueId ? { queueId } : {}),
  });
}
