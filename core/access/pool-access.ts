import type { KeyHolder } from '../../model/access.ts';
import { DibsError, sessionEnded } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { knownOf, remember } from '../known-runs.ts';
import { assertPool, poolForbidden } from './access.ts';

/**
 * What a key for some pools may change: runs of those pools, and of none (subflows, what is served), and
 * what lies beside them. What is not there is for the route itself to tell. Each throws pool_forbidden.
 */
export async function assertRun(context: Context, caller: KeyHolder, runId: string): Promise<void> {
  if (caller.pools === null) return;
  const queueId = await queueOfRun(context, runId);
  if (queueId !== undefined) await assertQueue(context, caller, queueId);
}

/** What is known of a run with an idempotency key may be of one that was deleted, and is another pool's now. */
async function queueOfRun(context: Context, runId: string): Promise<string | undefined> {
  const known = isDerived(runId) ? undefined : knownOf(context, runId);
  if (known) return known.queueId;
  const run = await context.store.readRun(runId);
  if (run) remember(context, run);
  return run?.queueId;
}

/** A queue that is nobody's any more is in no pool of this key. */
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
 * What a session holds is found by its id alone: who knew another's could open it in a pool of its own, and
 * be handed that one's claims. Ids that follow from names, those of sessions without an agent, are nobody's
 * to choose; of random ones nobody knows any before it is open. It reads one item per other pool.
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

/** A UUID of version 5. */
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
 * An idempotency key is one of its flow, as in Prefect: whoever took one that others will use, such as
 * that of a schedule's next run, would keep their run from being made. It reads the flow's deployments.
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
      { hint: 'Leave idempotency_key out, or use a key for all pools of the flow.' },
    );
  }
}

/** Of a deleted queue, too: what is held in it goes on. */
async function poolNameOf({ store }: Context, queueId: string): Promise<string | undefined> {
  const place = await store.readQueuePlace(queueId);
  if (place) return place.poolName;
  const queue = (await store.listDeletedQueues()).find(({ id }) => id === queueId);
  if (!queue) return undefined;
  const pools = [...(await store.listPools()), ...(await store.listDeletedPools())];
  return pools.find(({ id }) => id === queue.poolId)?.name;
}
