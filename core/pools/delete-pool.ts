import { poolNotFound } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { assertNotReserved, readPool } from './pools.ts';

/**
 * Deletes a pool, its queues and the records of its agents. Runs that are held continue: the table
 * in delete-queue.ts says what happens to everything else.
 * @throws DibsError work_pool_not_found, work_pool_name_reserved
 */
export async function deletePool(context: Context, name: string): Promise<void> {
  assertNotReserved(name);
  const { store } = context;
  const pool = await readPool(context, name);
  const at = context.now();
  if (!(await store.deletePool(pool, at))) throw poolNotFound(name);
  await store.clearQueues(pool.id, at);
}
