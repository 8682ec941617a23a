import type { WorkPool } from '../../model/pools.ts';
import { poolNotFound } from '../../model/values/errors.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';
import type { Context } from '../context.ts';
import { assertJobVariables } from '../parameters/job-variables.ts';
import { DEFAULT_AGENT_POOL, defaultAgentPool } from '../pools/default-agent-pool.ts';
import { findOrCreateQueue } from '../pools/queues.ts';
import type { DeploymentWish } from './deployments.ts';

/**
 * Finds the queue that the given names put a deployment into, and creates it if it is missing;
 * `undefined` if no name is given. A queue named without a pool belongs to the pool `own`, if there
 * is one, or else to Prefect's pool for such queues.
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
 * Checks that job variables fit the template of their pool. Required variables may be missing,
 * because each run may supply them.
 * @throws DibsError job_variables_invalid
 */
export function assertFits(pool: WorkPool | null | undefined, { jobVariables }: DeploymentWish) {
  if (!pool || !jobVariables || jobVariables.text === EMPTY_OBJECT.text) return;
  const how = { partial: true, doing: 'creating deployment' } as const;
  assertJobVariables(pool.baseJobTemplate, jobVariables, how);
}
