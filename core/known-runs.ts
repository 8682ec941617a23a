import type { Run } from '../model/runs/run.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import type { Context } from './context.ts';
import type { Kept } from './memory.ts';

/** The fields of a run that never change: enough to write to the run without reading it first. */
export type KnownRun = Pick<Run, 'flowId' | 'deploymentId' | 'queueId'>;

/**
 * Remembers a run in this process. Requests about the same run usually follow: a worker polls,
 * claims, starts and finishes it. This only saves reads; a write that relies on it repeats the
 * remembered fields in its condition, because the run may have been deleted and created again under
 * the same idempotency key.
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

/** The remembered fields of a run, if this process remembers it. */
export const knownOf = ({ memory }: Pick<Context, 'memory'>, runId: string): KnownRun | undefined =>
  memory.of(KNOWN).get(runId);

const KNOWN: Kept<Map<string, KnownRun>> = { begin: () => new Map() };
