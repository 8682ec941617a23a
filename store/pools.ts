import { JsonText } from '../core/json-text.ts';
import type { QueuePlace, WorkPool, WorkQueue } from '../core/records.ts';
import { itExists, itIsNew } from './conditions.ts';
import { type Dynamo, get, queryAll, queryPrefix, transact, update } from './dynamo.ts';
import { POOLS, poolKey, QUEUES, queueKey, queuePlaceKey } from './keys.ts';
import type { Item } from './run-item.ts';

export async function createPool(
  db: Dynamo,
  pool: WorkPool,
  defaultQueue: WorkQueue,
): Promise<'created' | 'exists'> {
  const done = await transact(db, [
    { Put: { Item: toPoolItem(pool), ConditionExpression: itIsNew } },
    ...newQueue(defaultQueue),
  ]);
  // My own write, whose reply was lost, sent again by the SDK.
  const mine = !done.won && done.item?.['id'] === pool.id;
  return done.won || mine ? 'created' : 'exists';
}

export async function readPool(db: Dynamo, name: string): Promise<WorkPool | undefined> {
  const item = await get(db, poolKey(name));
  return item && fromPoolItem(item);
}

export async function listPools(db: Dynamo): Promise<WorkPool[]> {
  const items = await queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pools',
    ExpressionAttributeValues: { ':pools': POOLS },
  });
  return items.map(fromPoolItem);
}

export async function updatePool(
  db: Dynamo,
  name: string,
  { baseJobTemplate, ...change }: Partial<WorkPool>,
): Promise<'updated' | 'missing'> {
  const fields = {
    ...change,
    ...(baseJobTemplate ? { baseJobTemplate: baseJobTemplate.text } : {}),
  };
  const written = await update(db, poolKey(name), {
    ConditionExpression: itExists,
    ...setting(fields),
  });
  return written.won ? 'updated' : 'missing';
}

/** The new queue first, so that a lost condition at 0 means that its name is taken. */
export async function createQueue(
  db: Dynamo,
  queue: WorkQueue,
  moved: readonly WorkQueue[],
): Promise<'created' | 'exists'> {
  const done = await transact(db, [...newQueue(queue), ...moved.map(moving)]);
  const mine = !done.won && done.item?.['id'] === queue.id;
  return done.won || mine ? 'created' : 'exists';
}

export async function updateQueue(
  db: Dynamo,
  queue: WorkQueue,
  change: Partial<WorkQueue>,
  moved: readonly WorkQueue[],
): Promise<void> {
  await transact(db, [
    {
      Update: {
        Key: queueKey(queue.poolId, queue.name),
        ConditionExpression: itExists,
        ...setting(change),
      },
    },
    ...moved.map(moving),
  ]);
}

export async function listQueues(db: Dynamo, poolId: string): Promise<WorkQueue[]> {
  const { pk } = queueKey(poolId, '');
  const queues = (await queryPrefix(db, pk, QUEUES)).map(fromQueueItem);
  return queues.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
}

export async function readQueuePlace(db: Dynamo, queueId: string): Promise<QueuePlace | undefined> {
  const item = await get(db, queuePlaceKey(queueId));
  if (!item) return undefined;
  const { pk, sk, ...place } = item;
  return { ...place, queueId } as QueuePlace;
}

function newQueue(queue: WorkQueue) {
  const { id, name, poolId, poolName, shards } = queue;
  const { pk, sk } = queueKey(poolId, name);
  const place: Omit<QueuePlace, 'queueId'> = { queueName: name, poolId, poolName, shards };
  return [
    { Put: { Item: { ...queue, pk, sk }, ConditionExpression: itIsNew } },
    { Put: { Item: { ...queuePlaceKey(id), ...place } } },
  ];
}

const moving = ({ poolId, name, priority, updatedAt }: WorkQueue) => ({
  Update: {
    Key: queueKey(poolId, name),
    ConditionExpression: itExists,
    ...setting({ priority, updatedAt }),
  },
});

function setting(fields: Readonly<Record<string, unknown>>) {
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, fields[name]])),
  };
}

const toPoolItem = (pool: WorkPool): Item => ({
  ...pool,
  ...poolKey(pool.name),
  baseJobTemplate: pool.baseJobTemplate.text,
});

function fromPoolItem({ pk, sk, ...item }: Item): WorkPool {
  return {
    ...item,
    baseJobTemplate: new JsonText(item['baseJobTemplate'] as string),
  } as unknown as WorkPool;
}

const fromQueueItem = ({ pk, sk, ...item }: Item): WorkQueue => item as unknown as WorkQueue;
