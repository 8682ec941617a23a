import type { Run } from '../model/runs/run.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import type { Context } from './context.ts';
import type { Kept } from './memory.ts';

/** What never changes of a run: enough to write to it without reading it first. */
export type KnownRun = Pick<Run, 'flowId' | 'deploymentId' | 'queueId'>;

/**
 * What a process was asked about, it will likely be asked about again: a worker polls, claims, starts
 * and finishes. What is remembered only saves reads; a write that relies on it says so in its condition,
 * for a run that was deleted may have been made anew, under the same idempotency key.
 */
export function remember({ memory }: Pick<Context, 'memory'>, run: Run): void {
  const known = memory.of(KNOWN);
  if (known.size >= NUMBERS.runsKnown) known.clear();
  const { flowId, deploymentId, queueId } = run;
  known.set(run.id, {
    flowId,
    ...(deploymentId ? { deploymentId } : {}),
    ...(queueId ? { queueId } : {}),
  });
}

/** What is remembered of a run, if anything is. */
export const knownOf = ({ memory }: Pick<Context, 'memory'>, runId: string): KnownRun | undefined =>
  memory.of(KNOWN).get(runId);

const KNOWN: Kept<Map<string, KnownRun>> = { begin: () => new Map() };
