import type { Context } from './context.ts';
import type { Instant } from './instant.ts';
import { readPool } from './pools.ts';
import type { Session } from './records.ts';
import type { ClaimedEntry } from './store.ts';
import { isLapsed } from './sweep.ts';

export interface Worker {
  readonly session: Session;
  readonly online: boolean;
  /** As the index shows it: may be seconds old. */
  readonly holds: readonly ClaimedEntry[];
}

/**
 * Every agent of a pool, live ones and those that ended within a day, last heartbeat first.
 * @throws DibsError work_pool_not_found
 */
export async function listWorkers(context: Context, poolName: string): Promise<Worker[]> {
  const pool = await readPool(context, poolName);
  const sessions = (await context.store.listSessions(pool.id)).filter(isWorker);
  const at = context.now();
  const workers = sessions.map(async (session) => ({
    session,
    online: isOnline(session, at),
    holds: await context.store.listClaimed(session.id),
  }));
  const listed = await Promise.all(workers);
  return listed.sort((a, b) => b.session.lastHeartbeatAt - a.session.lastHeartbeatAt);
}

/** Callers without heartbeats have a session, too, so that a sweep finds their claims. */
const isWorker = ({ kind }: Session): boolean => kind !== 'raw';

const isOnline = (session: Session, at: Instant): boolean =>
  isWorker(session) && session.endedAt === null && !isLapsed(session, at);

/** Whether any agent of the pool is alive. */
export async function isAnyoneOnline({ store, now }: Context, poolId: string): Promise<boolean> {
  return (await store.listSessions(poolId)).some((session) => isOnline(session, now()));
}
