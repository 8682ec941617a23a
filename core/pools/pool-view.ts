import type { WorkPool, WorkQueue } from '../../model/pools.ts';
import { poolNotFound, queueNotFound } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';

/** The records that say what may be claimed, and under which limits; good for a while. */
export interface RecordsView {
  readonly pool: WorkPool;
  /** By priority. */
  readonly queues: readonly WorkQueue[];
  readonly goodUntil: Instant;
}

/**
 * A limit that is set holds for every claim whose records were read after it; so those are not good
 * for long (settle.ts counts on it), and none are older than the session that claims.
 * @param openedAt When that session was opened.
 * @throws DibsError work_pool_not_found
 */
export async function readView(
  { store, now }: Context,
  poolName: string,
  openedAt: Instant,
): Promise<RecordsView> {
  const at = now();
  // By the clocks of two Lambdas.
  const since = openedAt + NUMBERS.clockSkew;
  const how = since > at ? 'fresh' : { since };
  const pool = await store.readPool(poolName, how);
  if (!pool) throw poolNotFound(poolName);
  const queues = await store.listQueues(pool.id, how);
  return { pool, queues, goodUntil: at + NUMBERS.limitsViewedWithin - NUMBERS.recordsCached };
}

/**
 * Those that are served: all or the named ones, without the paused ones.
 * @throws DibsError work_queue_not_found
 */
export function selectQueues(
  { pool, queues }: Pick<RecordsView, 'pool' | 'queues'>,
  names: readonly string[] | undefined,
): WorkQueue[] {
  const unknown = names?.find((name) => !queues.some((queue) => queue.name === name));
  if (unknown !== undefined) throw queueNotFound(pool.name, unknown);
  return queues.filter(
    (queue) => !queue.isPaused && (!names?.length || names.includes(queue.name)),
  );
}
