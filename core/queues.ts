import type { Context } from './context.ts';
import { DibsError, queueNotFound } from './errors.ts';
import { LIMITS } from './limits.ts';
import { readPool } from './pools.ts';
import type { WorkPool, WorkQueue } from './records.ts';
import { firstLimit, nextLimit } from './set-limit.ts';
import type { Scope } from './slots.ts';

export interface NewQueue {
  readonly name: string;
  readonly description?: string | null;
  readonly isPaused?: boolean;
  readonly concurrencyLimit?: number | null;
  readonly priority?: number | null;
}

/** @throws DibsError work_pool_not_found, work_queue_exists */
export async function createQueue(
  context: Context,
  poolName: string,
  wish: NewQueue,
): Promise<WorkQueue> {
  const pool = await readPool(context, poolName);
  const queues = await context.store.listQueues(pool.id, 'fresh');
  const { queue, moved } = newQueue(context, pool, queues, wish);
  const limit = firstLimit({ kind: 'queue', id: queue.id }, queue.concurrencyLimit);
  if ((await context.store.createQueue(queue, moved, limit)) === 'created') return queue;
  throw new DibsError(
    'work_queue_exists',
    `A work queue with this name already exists in work pool ${poolName}.`,
  );
}

function newQueue(
  { newId, now }: Context,
  pool: WorkPool,
  queues: readonly WorkQueue[],
  wish: NewQueue,
): { queue: WorkQueue; moved: WorkQueue[] } {
  const at = now();
  const queue: WorkQueue = {
    id: newId(),
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
  return { queue, moved: wish.priority ? makeRoom(queues, wish.priority, at) : [] };
}

/** The queue of that name; created if it is missing, as Prefect does for deployments and runs. */
export async function findOrCreateQueue(
  context: Context,
  pool: WorkPool,
  name: string,
): Promise<WorkQueue> {
  const find = async () =>
    (await context.store.listQueues(pool.id, 'fresh')).find((queue) => queue.name === name);
  const found = await find();
  if (found) return found;
  const queues = await context.store.listQueues(pool.id, 'fresh');
  const { queue } = newQueue(context, pool, queues, { name });
  if ((await context.store.createQueue(queue, [])) === 'created') return queue;
  const other = await find();
  if (!other) throw new DibsError('too_busy', 'The queues of this pool keep changing.');
  return other;
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

export type QueueChange = Partial<
  Pick<WorkQueue, 'description' | 'isPaused' | 'priority' | 'concurrencyLimit'>
>;

/**
 * Changes a queue. A first limit has to settle: see updatePool.
 * @throws DibsError work_pool_not_found, work_queue_not_found, too_busy
 */
export async function updateQueue(
  context: Context,
  poolName: string,
  name: string,
  change: QueueChange,
): Promise<Scope | undefined> {
  for (let tries = 0; tries < LIMITS.decisions; tries++) {
    const queue = await readQueue(context, poolName, name);
    const scope: Scope = { kind: 'queue', id: queue.id };
    const limit = await nextLimit(context, scope, change.concurrencyLimit);
    const at = context.now();
    const others = (await context.store.listQueues(queue.poolId, 'fresh')).filter(
      ({ id }) => id !== queue.id,
    );
    const moved = change.priority ? makeRoom(others, change.priority, at) : [];
    const { concurrencyLimit: _, ...rest } = change;
    const update = {
      ...rest,
      // Never without its limit: see updatePool.
      ...(limit ? { concurrencyLimit: limit.limit } : {}),
      updatedAt: at,
    };
    const done = await context.store.updateQueue(queue, update, moved, limit);
    if (done === 'updated') return limit?.settlesAt == null ? undefined : scope;
    if (done === 'missing') throw queueNotFound(poolName, name);
  }
  throw new DibsError('too_busy', 'The queues of this pool, or their limits, kept changing.');
}

function freePriority(queues: readonly WorkQueue[]): number {
  const taken = new Set(queues.map(({ priority }) => priority));
  let free = 1;
  while (taken.has(free)) free++;
  return free;
}

/** The queues at and after `priority` that have to step back for it, just as far as they must. */
function makeRoom(queues: readonly WorkQueue[], priority: number, at: number): WorkQueue[] {
  const moved: WorkQueue[] = [];
  let taken = priority;
  const after = queues.filter((queue) => queue.priority >= priority);
  for (const queue of after.sort((a, b) => a.priority - b.priority)) {
    if (queue.priority > taken) break;
    taken += 1;
    moved.push({ ...queue, priority: taken, updatedAt: at });
  }
  if (moved.length <= LIMITS.queuesMoved) return moved;
  throw new DibsError(
    'invalid_request',
    `Priority ${priority} would move ${moved.length} queues back; ${LIMITS.queuesMoved} can be at once.`,
    { hint: 'Choose a priority behind them, or one that is free.' },
  );
}
