import type { Run } from '../../model/runs/run.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';

/** The error 409 claim_lost, which names the session that holds the run now. */
export async function claimLost({ store }: Context, run: Run): Promise<DibsError> {
  const place = run.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  const session =
    run.claim && place ? await store.readSession(place.poolId, run.claim.sessionId) : undefined;
  const holder = run.claim
    ? { session_id: run.claim.sessionId, worker_name: session?.workerName ?? null }
    : null;
  return new DibsError('claim_lost', 'This claim of the run has ended.', {
    facts: { holder, attempt: run.attempt },
    hint: holder
      ? 'Another agent holds the run now: stop what you started for it and report nothing.'
      : 'The run is not held by anybody now: stop what you started for it and report nothing.',
  });
}
