import type { WorkPool, WorkQueue } from '../../model/pools.ts';
import { poolNotFound, queueNotFound } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';

/** The records that say which runs may be claimed, and under which limits. */
export interface RecordsView {
  readonly pool: WorkPool;
  /** In the order of their priority. */
  readonly queues: readonly WorkQueue[];
  /** No claim write that relies on these records starts later than this. */
  readonly goodUntil: Instant;
}

/**
 * Reads a pool and its queues. A new limit holds for every claim whose records were read after the
 * limit was set. So the records may be used for a short time only (core/limits/settle.ts relies on
 * this), and they are never older than the session that claims.
 * @param openedAt when that session was opened
 * @throws DibsError work_pool_not_found
 */
export async function readView(
  { store, now }: Context,
  poolName: string,
  openedAt: Instant,
): Promise<RecordsView> {
  const at = now();
  // Two Lambdas with different clocks may have read these times.
  const since = openedAt + NUMBERS.clockSkew;
  const how = since > at ? 'fresh' : { since };
  const pool = await store.readPool(poolName, how);
  if (!pool) throw poolNotFound(poolName);
  const queues = await store.listQueues(pool.id, how);
  return { pool, queues, goodUntil: at + NUMBERS.limitsViewedWithin - NUMBERS.recordsCached };
}

/**
 * The queues that a poll serves: all, or those with the given names, without the paused ones.
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
