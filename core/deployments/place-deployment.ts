import type { WorkPool } from '../../model/pools.ts';
import { poolNotFound } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { assertJobVariables } from '../parameters/parameters.ts';
import { DEFAULT_AGENT_POOL, defaultAgentPool } from '../pools/default-agent-pool.ts';
import { findOrCreateQueue } from '../pools/queues.ts';
import type { DeploymentWish } from './deployments.ts';

/**
 * The queue that a wish puts a deployment into, created if it is missing; `undefined` where the wish
 * says nothing of it. A queue named without a pool is one of `own`, if there is one, else of Prefect's
 * pool for such queues.
 * @throws DibsError work_pool_not_found
 */
export async function placeDeployment(
  context: Context,
  { poolName, queueName }: DeploymentWish,
  own?: WorkPool,
): Promise<{ pool: WorkPool | null; queueId: string | null } | undefined> {
  if (poolName) return inPool(context, await readPoolOf(context, poolName), queueName);
  if (queueName) return inPool(context, own ?? (await defaultAgentPool(context)), queueName);
  return poolName === null ? { pool: null, queueId: null } : undefined;
}

async function inPool(context: Context, pool: WorkPool, queueName: string | null | undefined) {
  const queue = queueName ? await findOrCreateQueue(context, pool, queueName) : undefined;
  return { pool, queueId: queue?.id ?? pool.defaultQueueId };
}

async function readPoolOf(context: Context, name: string): Promise<WorkPool> {
  if (name === DEFAULT_AGENT_POOL) return defaultAgentPool(context);
  const pool = await context.store.readPool(name, 'fresh');
  if (!pool) throw poolNotFound(name);
  return pool;
}

/**
 * Job variables have to fit the template of the pool that they are for; what is required may come
 * with each run.
 * @throws DibsError job_variables_invalid
 */
export function assertFits(pool: WorkPool | null | undefined, { jobVariables }: DeploymentWish) {
  if (pool && jobVariables)
    assertJobVariables(pool.baseJobTemplate, jobVariables, { partial: true });
}
