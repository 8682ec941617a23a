import type { Context } from './context.ts';
import { DibsError } from './errors.ts';
import { createPool, PREFECT_AGENT, readPool } from './pools.ts';
import type { WorkPool } from './records.ts';

/** Where Prefect keeps queues that are created without a pool, for its oldest agents. */
export const DEFAULT_POOL = 'default-agent-pool';

/** That pool, created if it is missing. */
export async function readDefaultPool(context: Context): Promise<WorkPool> {
  const found = await context.store.readPool(DEFAULT_POOL, 'fresh');
  if (found) return found;
  try {
    return await createPool(context, { name: DEFAULT_POOL, type: PREFECT_AGENT });
  } catch (error) {
    // Somebody else creates it just now.
    if (error instanceof DibsError && error.code === 'work_pool_exists') {
      return readPool(context, DEFAULT_POOL);
    }
    throw error;
  }
}
