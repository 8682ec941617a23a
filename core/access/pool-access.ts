import type { KeyHolder } from '../../model/access.ts';
import { DibsError, sessionEnded } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { knownOf, remember } from '../known-runs.ts';
import { assertPool, poolForbidden } from './access.ts';

/**
 * What a key for certain pools may change: runs of these pools, runs of no pool (subflows, runs of
 * served deployments), and the records that belong to them. If a record does not exist, the
 * assertions pass and the route itself reports it. Each assertion throws pool_forbidden.
 */
export async function assertRun(context: Context, caller: KeyHolder, runId: string): Promise<void> {
  if (caller.pools === null) return;
  const queueId = await queueOfRun(context, runId);
  if (queueId !== undefined) await assertQueue(context, caller, queueId);
}

/**
 * The queue of a run. For a run whose id follows from an idempotency key the run is read: a
 * remembered run may have been deleted, and a new run with the same id may be in another pool.
 */
async function queueOfRun(context: Context, runId: string): Promise<string | undefined> {
  const known = isDerived(runId) ? undefined : knownOf(context, runId);
  if (known) return known.queueId;
  const run = await context.store.readRun(runId);
  if (run) remember(context, run);
  return run?.queueId;
}

/**
 * Refuses a queue that is not in a pool of this key; a queue that no longer exists is in no pool.
 */
export async function assertQueue(
  context: Context,
  caller: KeyHolder,
  queueId: string,
): Promise<void> {
  if (caller.pools === null) return;
  const name = await poolNameOf(context, queueId);
  if (name === undefined) throw poolForbidden('(deleted)', caller.pools);
  assertPool(caller, name);
}

export async function assertTaskRun(
  context: Context,
  caller: KeyHolder,
  id: string,
): Promise<void> {
  if (caller.pools === null) return;
  const [found] = await context.store.readTaskRuns([id]);
  if (found?.taskRun.flowRunId) await assertRun(context, caller, found.taskRun.flowRunId);
}

/**
 * Refuses a session id of another pool. The runs of a session are found by its id alone, so a
 * caller that knew the id of another session could open it in a pool of its own and get that
 * session's claims. Ids that follow from names (sessions of callers without heartbeats) may not be
 * chosen at all; random ids are not known to anyone before they are opened. It reads one item per
 * other pool.
 * @throws DibsError session_ended
 */
export async function assertSession(
  { store }: Context,
  caller: KeyHolder,
  poolName: string,
  sessionId: string,
): Promise<void> {
  if (caller.pools === null) return;
  if (isDerived(sessionId)) throw sessionEnded();
  const pools = [...(await store.listPools()), ...(await store.listDeletedPools())];
  const others = pools.filter(({ name }) => name !== poolName);
  const found = await Promise.all(others.map(({ id }) => store.readSession(id, sessionId)));
  if (found.some((session) => session !== undefined)) throw sessionEnded();
}

/** Whether an id follows from a name: a UUID of version 5. */
const isDerived = (id: string): boolean => id[14] === '5';

export async function assertArtifact(
  context: Context,
  caller: KeyHolder,
  id: string,
): Promise<void> {
  if (caller.pools === null) return;
  const [artifact] = await context.store.readArtifacts([id]);
  if (artifact?.flowRunId) await assertRun(context, caller, artifact.flowRunId);
  if (artifact?.taskRunId) await assertTaskRun(context, caller, artifact.taskRunId);
}

export async function assertDeployment(
  context: Context,
  caller: KeyHolder,
  id: string,
): Promise<void> {
  if (caller.pools === null) return;
  const [deployment] = await context.store.readDeployments([id]);
  if (deployment?.queueId) await assertQueue(context, caller, deployment.queueId);
}

/**
 * Refuses an idempotency key for a flow that also has deployments in other pools. Idempotency keys
 * are unique per flow, as in Prefect: a caller that takes a key that others will use, such as the
 * key of a schedule's next run, would prevent their run from being created. It reads the flow's
 * deployments.
 */
export async function assertIdempotencyKey(
  context: Context,
  caller: KeyHolder,
  flowId: string,
): Promise<void> {
  if (caller.pools === null) return;
  const { store } = context;
  const deployments = await store.readDeployments(await store.listDeploymentIds(flowId));
  for (const { queueId } of deployments) {
    const name = queueId === null ? undefined : await poolNameOf(context, queueId);
    if (queueId === null || (name !== undefined && caller.pools.includes(name))) continue;
    throw new DibsError(
      'pool_forbidden',
      'This key may not choose an idempotency key here: the flow has a deployment in work pool ' +
        `"${name ?? '(deleted)'}", too.`,
      { hint: 'Omit idempotency_key, or use an API key for all pools of the flow.' },
    );
  }
}

/** The pool of a queue. Deleted queues count too, because runs that are held in them continue. */
async function poolNameOf({ store }: Context, queueId: string): Promise<string | undefined> {
  const place = await store.readQueuePlace(queueId);
  if (place) return place.poolName;
  const queue = (await store.listDeletedQueues()).find(({ id }) => id === queueId);
  if (!queue) return undefined;
  const pools = [...(await store.listPools()), ...(await store.listDeletedPools())];
  return pools.find(({ id }) => id === queue.poolId)?.name;
}
