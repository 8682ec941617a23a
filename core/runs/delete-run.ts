import type { Run } from '../../model/runs/run.ts';
import { endedAt } from '../../model/runs/run-times.ts';
import { expiresAt } from '../../model/runs/transition.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { freeTagSlots } from '../named-limits/abandoned-slots.ts';

/**
 * Deletes a run, even if a session holds it. The same write ends its claim and frees its slots, so
 * the holder can change nothing any more; its next heartbeat lists the run as `lost`.
 *
 * A run with an idempotency key could be created again with the same id. So it leaves a tombstone
 * until the run's retention would have ended. The tombstone keeps the attempt: the next run with
 * this key continues to count from it, so no old claim token is valid for it. The scheduler does
 * not create its runs again before the tombstone is gone.
 *
 * @throws DibsError flow_run_not_found, too_busy
 */
export async function deleteRun(context: Context, id: string): Promise<void> {
  const { store } = context;
  const found = await store.readRun(id);
  if (!found) throw runNotFound();
  let run: Run | undefined = found;
  for (let tries = 0; run && tries < NUMBERS.decisions; tries++) {
    const deleted = await store.deleteRun(run, tombstoneOf(run, context));
    // If it is gone: another caller deleted it, or this call did and the response was lost.
    run = deleted.done ? undefined : deleted.run;
  }
  if (run) throw new DibsError('too_busy', 'The run kept changing while it was being deleted.');
  // Before the records of its task runs are gone: as long as they are there, a sweep finds their slots.
  await freeTagSlots(context, await store.listTaskRunsOf(id));
  await store.deleteBeside(found);
}

function tombstoneOf(run: Run, { now }: Context) {
  if (run.idempotencyKey === undefined) return undefined;
  const ended = endedAt(run);
  const kept = ended === undefined ? undefined : expiresAt(run.stateType, ended);
  return { until: kept ?? now() + NUMBERS.retention };
}
