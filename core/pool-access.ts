import { assertPool, type Caller, poolForbidden } from './access.ts';
import type { Context } from './context.ts';
import { sessionEnded } from './heartbeat.ts';
import { remember } from './known-runs.ts';

/**
 * What a key for some pools may change: runs of those pools, and of none (subflows, what is served), and
 * what lies beside them. What is not there is for the route itself to tell. Each throws pool_forbidden.
 */
export async function assertRun(context: Context, caller: Caller, runId: string): Promise<void> {
  if (caller.pools === null) return;
  const run = context.known.has(runId) ? undefined : await context.store.readRun(runId);
  if (run) remember(context, run);
  const queueId = context.known.get(runId)?.queueId;
  if (queueId !== undefined) await assertQueue(context, caller, queueId);
}

/** A queue that is nobody's any more is in no pool of this key. */
export async function assertQueue(
  context: Context,
  caller: Caller,
  queueId: string,
): Promise<void> {
  if (caller.pools === null) return;
  const name = await poolNameOf(context, queueId);
  if (name === undefined) throw poolForbidden('(deleted)', caller.pools);
  assertPool(caller, name);
}

export async function assertTaskRun(context: Context, caller: Caller, id: string): Promise<void> {
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
  caller: Caller,
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

/** `as it is`: without words of one's own about how and where it runs. */
export async function assertDeployment(
  context: Context,
  caller: Caller,
  id: string,
  asItIs = false,
): Promise<void> {
  if (caller.pools === null || asItIs) return;
  const [deployment] = await context.store.readDeployments([id]);
  if (deployment?.queueId) await assertQueue(context, caller, deployment.queueId);
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
