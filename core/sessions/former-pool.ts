import type { DeletedPool } from '../../model/pools.ts';
import type { Session } from '../../model/sessions.ts';
import type { Context } from '../context.ts';

/**
 * Finds the session of an agent whose pool was deleted, and that pool. A new pool may have the same
 * name now, but the agent's runs were claimed in the deleted one.
 */
export async function readDeletedSession(
  { store }: Context,
  poolName: string,
  sessionId: string,
): Promise<{ pool: DeletedPool; session: Session } | undefined> {
  for (const pool of await store.listDeletedPools(poolName)) {
    const session = await store.readSession(pool.id, sessionId);
    if (session) return { pool, session };
  }
  return undefined;
}
