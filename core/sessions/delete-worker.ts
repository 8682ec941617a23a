import { isListed } from '../../model/sessions.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { readPool } from '../pools/pools.ts';
import { recoverEnded } from '../recovery/dead-sessions.ts';

/**
 * Deletes the records of all agents of this name. A live agent's session is ended as if the agent
 * had died: the runs that it holds are recovered (core/recovery/recover.ts), and its next heartbeat
 * tells it so. A Prefect worker is recorded again with its next heartbeat.
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
