import { isListed } from '../../model/sessions.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { readPool } from '../pools/pools.ts';
import { recoverEnded } from '../recovery/dead-sessions.ts';

/**
 * Deletes what is on record of the agents of this name. One that lives is ended by it, as if it had
 * died: what it holds goes to others (recover.ts), and it hears of that with its next heartbeat, by
 * which a Prefect worker is on record again.
 * @throws DibsError work_pool_not_found, worker_not_found
 */
export async function deleteWorker(
  context: Context,
  poolName: string,
  workerName: string,
): Promise<void> {
  const { store } = context;
  const pool = await readPool(context, poolName);
  const sessions = (await store.listSessions(pool.id)).filter(
    (session) => isListed(session) && session.workerName === workerName,
  );
  if (sessions.length === 0) {
    throw new DibsError('worker_not_found', `Worker not found: "${workerName}".`);
  }
  for (const session of sessions) {
    const at = context.now();
    await store.deleteSession(pool.id, session.id, at);
    await recoverEnded(context, pool, { ...session, endedAt: session.endedAt ?? at });
  }
}
