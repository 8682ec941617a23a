import type { WorkPool } from '../../model/pools.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { createPool, PREFECT_AGENT } from './pools.ts';

/** The pool of queues that were named without a pool, as Prefect's oldest agents do. */
export const DEFAULT_AGENT_POOL = 'default-agent-pool';

/**
 * Returns the default agent pool, and creates it if it is missing. Concurrent calls create one
 * pool.
 */
export async function defaultAgentPool(context: Context): Promise<WorkPool> {
  const read = () => context.store.readPool(DEFAULT_AGENT_POOL, 'fresh');
  const found = await read();
  if (found) return found;
  try {
    return await createPool(context, { name: DEFAULT_AGENT_POOL, type: PREFECT_AGENT });
  } catch (error) {
    const other = error instanceof DibsError ? await read() : undefined;
    if (other) return other;
    throw error;
  }
}
