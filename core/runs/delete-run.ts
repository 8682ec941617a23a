import type { Run } from '../../model/runs/run.ts';
import { endedAt } from '../../model/runs/run-times.ts';
import { expiresAt } from '../../model/runs/transition.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';

/**
 * Deletes a run, whoever holds it: its claim ends and its slots are free with the same write, so the
 * holder can change nothing any more, and hears `lost` at its next heartbeat.
 *
 * The id of a run with an idempotency key would come again with its key. So it leaves a tombstone that
 * keeps its attempt (the next run of that key goes on counting: no old claim token fits it) until
 * the run's retention would have ended. What the scheduler made is not made again before that.
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
    // Gone already: by somebody else, or by my own write, whose reply was lost.
    run = deleted.done ? undefined : deleted.run;
  }
  if (run) throw new DibsError('too_busy', 'The run kept changing while it was being deleted.');
  await store.deleteBeside(found);
}

function tombstoneOf(run: Run, { now }: Context) {
  if (run.idempotencyKey === undefined) return undefined;
  const ended = endedAt(run);
  const kept = ended === undefined ? undefined : expiresAt(run.stateType, ended);
  return { until: kept ?? now() + NUMBERS.retention };
}
