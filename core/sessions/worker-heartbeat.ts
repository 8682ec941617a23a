import type { Session } from '../../model/sessions.ts';
import { poolNotFound } from '../../model/values/errors.ts';
import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { isSessionOver } from './end-session.ts';
import { liveWorker } from './live-worker.ts';

/**
 * A Prefect worker's sign of life. It opens a session under the worker's name, or renews the one that
 * is open; after an end it opens another, so that what was ended stays ended. A worker takes any 4xx
 * for a reason to quit: a name that an agent of ours has is answered as if all were well, and the
 * worker's claims are then those of a caller without heartbeats.
 *
 * @param intervalSeconds Between its heartbeats; OFFLINE is who missed three of them.
 * @throws DibsError work_pool_not_found
 */
export async function workerHeartbeat(
  context: Context,
  call: { poolName: string; workerName: string; intervalSeconds: number | null },
): Promise<void> {
  const { store } = context;
  const pool = await store.readPool(call.poolName, 'cached');
  if (!pool) throw poolNotFound(call.poolName);
  // One that beats more often than most is not dead sooner.
  const asked = (call.intervalSeconds ?? 0) * SECOND;
  const beat = Math.min(Math.max(NUMBERS.workerBeat, asked), NUMBERS.workerBeatAtMost);
  const lease = beat * NUMBERS.workerBeatsMissed;
  await store.stampService(pool.id, 'worker');

  const live = await liveWorker(store, pool.id, call.workerName);
  const at = context.now();
  const leaseExpiresAt = at + lease;
  const renewal = { poolId: pool.id, capacity: 0, running: 0, at, leaseExpiresAt, endedAt: null };
  if (live && (await store.renewSession({ ...renewal, sessionId: live.id }))) return;

  const session: Session = {
    id: context.newId(),
    poolId: pool.id,
    kind: 'worker',
    workerName: call.workerName,
    host: null,
    capacity: 0,
    running: 0,
    openedAt: at,
    lastHeartbeatAt: at,
    leaseExpiresAt,
    endedAt: null,
    draining: null,
  };
  const opened = await store.openSession(session, live?.id);
  if (typeof opened !== 'object') return;
  const holder = opened.nameHeldBy;
  if (await isSessionOver(context, pool, holder, { withGrace: true })) {
    await store.openSession(session, holder);
  }
}
