import type { Scope } from '../../model/limits.ts';
import type { QueueOrder, WorkPool, WorkQueue } from '../../model/pools.ts';
import {
  DibsError,
  poolNotFound,
  queueIdNotFound,
  queueNotFound,
} from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { firstLimit, nextLimit } from '../limits/set-limit.ts';
import { readPool } from './pools.ts';
import { freePriority, makeRoom } from './queue-order.ts';

export interface NewQueue {
  readonly name: string;
  readonly description?: string | null;
  readonly isPaused?: boolean;
  readonly concurrencyLimit?: number | null;
  readonly priority?: number | null;
}

/** @throws DibsError work_pool_not_found, work_queue_exists, too_busy */
export async function createQueue(
  context: Context,
  poolName: string,
  wish: NewQueue,
): Promise<WorkQueue> {
  const made = await tryCreate(context, poolName, wish);
  if (made !== 'exists') return made;
  throw new DibsError(
    'work_queue_exists',
    `A work queue with this name already exists in work pool ${poolName}.`,
  );
}

/**
 * Returns the queue with this name, and creates it if it is missing, as Prefect does for
 * deployments and runs.
 */
export async function findOrCreateQueue(
  context: Context,
  pool: WorkPool,
  name: string,
): Promise<WorkQueue> {
  const find = async () =>
    (await context.store.listQueues(pool.id, 'fresh')).find((queue) => queue.name === name);
  const found = await find();
  if (found) return found;
  const made = await tryCreate(context, pool.name, { name });
  const queue = made === 'exists' ? await find() : made;
  if (!queue) throw new DibsError('too_busy', 'The queues of this pool keep changing.');
  return queue;
}

/**
 * Creates a queue. Queues that are created concurrently get their priorities one after the other.
 */
async function tryCreate(
  context: Context,
  poolName: string,
  wish: NewQueue,
): Promise<WorkQueue | 'exists'> {
  const id = context.newId();
  for (let tries = 0; tries < NUMBERS.queueTries; tries++) {
    const { queue, order } = await placeQueue(context, id, poolName, wish);
    const limit = firstLimit({ kind: 'queue', id }, queue.concurrencyLimit);
    const made = await context.store.createQueue(queue, order, limit);
    if (made !== 'outrun') return made === 'created' ? queue : made;
  }
  throw new DibsError('too_busy', 'The queues of this pool keep changing.');
}

/**
 * Chooses the priority of a new queue. The pool is read before its queues: if the pool's version is
 * unchanged at the write, the queues have not changed since they were read either.
 */
async function placeQueue(
  context: Context,
  id: string,
  poolName: string,
  wish: NewQueue,
): Promise<{ queue: WorkQueue; order: QueueOrder }> {
  const pool = await readPool(context, poolName);
  const queues = await context.store.listQueues(pool.id, 'fresh');
  const at = context.now();
  const queue: WorkQueue = {
    id,
    name: wish.name,
    poolId: pool.id,
    poolName: pool.name,
    description: wish.description ?? '',
    isPaused: wish.isPaused ?? false,
    priority: wish.priority ?? freePriority(queues),
    concurrencyLimit: wish.concurrencyLimit ?? null,
    limited: [],
    shards: 1,
    createdAt: at,
    updatedAt: at,
  };
  const moved = wish.priority ? makeRoom(queues, wish.priority, at) : [];
  return { queue, order: { pool, moved } };
}

/** @throws DibsError work_pool_not_found, work_queue_not_found */
export async function readQueue(
  context: Context,
  poolName: string,
  name: string,
): Promise<WorkQueue> {
  const pool = await readPool(context, poolName);
  const queues = await context.store.listQueues(pool.id, 'fresh');
  const queue = queues.find((one) => one.name === name);
  if (!queue) throw queueNotFound(poolName, name);
  return queue;
}

/** @throws DibsError work_queue_not_found */
export async function readQueueById({ store }: Context, id: string): Promise<WorkQueue> {
  const place = await store.readQueuePlace(id);
  const queues = place ? await store.listQueues(place.poolId, 'fresh') : [];
  const queue = queues.find((one) => one.id === id);
  if (!queue) throw queueIdNotFound();
  return queue;
}

/** Every queue of every pool. */
export async function listAllQueues({ store }: Context): Promise<WorkQueue[]> {
  const pools = await store.listPools();
  return (await Promise.all(pools.map(({ id }) => store.listQueues(id, 'fresh')))).flat();
}

export type QueueChange = Partial<
  Pick<WorkQueue, 'description' | 'isPaused' | 'priority' | 'concurrencyLimit'>
>;

/**
 * Changes a queue. A first limit has to settle: see updatePool() in pools.ts.
 * @param find reads the queue by its name or its id
 * @throws DibsError what `find` throws; work_queue_not_found, too_busy
 */
export async function updateQueue(
  context: Context,
  find: () => Promise<WorkQueue>,
  change: QueueChange,
): Promise<Scope | undefined> {
  const { concurrencyLimit, ...rest } = change;
  for (let tries = 0; tries < NUMBERS.queueTries; tries++) {
    const queue = await find();
    const scope: Scope = { kind: 'queue', id: queue.id };
    const limit = await nextLimit(context, scope, concurrencyLimit);
    const order = change.priority ? await reorder(context, queue, change.priority) : undefined;
    const update = {
      ...rest,
      // Written only together with the limit itself: see updatePool() in pools.ts.
      ...(limit ? { concurrencyLimit: limit.limit } : {}),
      updatedAt: context.now(),
    };
    const done = await context.store.updateQueue(queue, update, { order, limit });
    if (done === 'updated') return limit?.settlesAt == null ? undefined : scope;
    if (done === 'missing') throw queueNotFound(queue.poolName, queue.name);
  }
  throw new DibsError('too_busy', 'The queues of this pool, or their limits, kept changing.');
}

async function reorder(
  context: Context,
  { id, poolId, poolName }: WorkQueue,
  priority: number,
): Promise<QueueOrder> {
  const pool = await readPool(context, poolName);
  if (pool.id !== poolId) throw poolNotFound(poolName);
  const queues = await context.store.listQueues(poolId, 'fresh');
  const others = queues.filter((queue) => queue.id !== id);
  return { pool, moved: makeRoom(others, priority, context.now()) };
}
