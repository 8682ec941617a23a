import type { Session } from '../../model/sessions.ts';
import { poolNotFound } from '../../model/values/errors.ts';
import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { isSessionOver } from './end-session.ts';
import { liveWorker } from './live-worker.ts';

/**
 * Handles the heartbeat of a Prefect worker. It renews the worker's open session, or opens one
 * under the worker's name. If the former session was ended, it stays ended and a new one is opened.
 * A Prefect worker quits on any 4xx response. So if a dibs agent has the same name, the heartbeat
 * still succeeds, and the worker's claims then count as those of a caller without heartbeats.
 *
 * @param call `intervalSeconds`: the time between heartbeats; a worker that misses three is OFFLINE
 * @throws DibsError work_pool_not_found
 */
export async function workerHeartbeat(
  context: Context,
  call: { poolName: string; workerName: string; intervalSeconds: number | null },
): Promise<void> {
  const { store } = context;
  const pool = await store.readPool(call.poolName, 'cached');
  if (!pool) throw poolNotFound(call.poolName);
  // A worker that sends heartbeats more often than usual does not count as dead any sooner.
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
