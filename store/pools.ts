import { JsonText } from '../core/json-text.ts';
import { type QueuePlace, RECOVERY, type WorkPool, type WorkQueue } from '../core/records.ts';
import type { Limit } from '../core/slots.ts';
import type { Changed } from '../core/store.ts';
import { itExists, itIsNew } from './conditions.ts';
import { type Dynamo, get, queryAll, queryPrefix, type TransactItem, transact } from './dynamo.ts';
import { POOLS, poolKey, QUEUES, queueKey, queuePlaceKey } from './keys.ts';
import { limitWrite } from './limits.ts';
import type { Item } from './run-item.ts';

export async function createPool(
  db: Dynamo,
  pool: WorkPool,
  defaultQueue: WorkQueue,
  limit?: Limit,
): Promise<'created' | 'exists'> {
  const done = await transact(db, [
    { Put: { Item: toPoolItem(pool), ConditionExpression: itIsNew } },
    ...newQueue(defaultQueue),
    ...(limit ? [limitWrite(limit)] : []),
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
  limit?: Limit,
): Promise<Changed> {
  const fields = {
    ...change,
    ...(baseJobTemplate ? { baseJobTemplate: baseJobTemplate.text } : {}),
  };
  return changed(
    await transact(db, [
      { Update: { Key: poolKey(name), ConditionExpression: itExists, ...setting(fields) } },
      ...(limit ? [limitWrite(limit)] : []),
    ]),
  );
}

/** The record comes first in each of these transactions, then others, its limit last. */
const changed = (done: Awaited<ReturnType<typeof transact>>): Changed => {
  if (done.won) return 'updated';
  return done.at === 0 ? 'missing' : 'outrun';
};

/** The new queue first, so that a lost condition at 0 means that its name is taken. */
export async function createQueue(
  db: Dynamo,
  queue: WorkQueue,
  moved: readonly WorkQueue[],
  limit?: Limit,
): Promise<'created' | 'exists'> {
  const limits = limit ? [limitWrite(limit)] : [];
  const done = await transact(db, [...newQueue(queue), ...moved.map(moving), ...limits]);
  const mine = !done.won && done.item?.['id'] === queue.id;
  return done.won || mine ? 'created' : 'exists';
}

export async function updateQueue(
  db: Dynamo,
  queue: WorkQueue,
  change: Partial<WorkQueue>,
  moved: readonly WorkQueue[],
  limit?: Limit,
): Promise<Changed> {
  const done = await transact(db, [
    {
      Update: {
        Key: queueKey(queue.poolId, queue.name),
        ConditionExpression: itExists,
        ...setting(change),
      },
    },
    ...moved.map(moving),
    ...(limit ? [limitWrite(limit)] : []),
  ]);
  return changed(done);
}

export async function addLane(db: Dynamo, place: QueuePlace, deploymentId: string): Promise<void> {
  await transact(db, [laneAdded(place, deploymentId)]);
}

/** As an item of a transaction; a set, so that adding twice is adding once. */
const laneAdded = ({ poolId, queueName }: QueuePlace, deploymentId: string): TransactItem => ({
  Update: {
    Key: queueKey(poolId, queueName),
    ConditionExpression: itExists,
    UpdateExpression: 'ADD #limited :lane',
    ExpressionAttributeNames: { '#limited': 'limited' },
    ExpressionAttributeValues: { ':lane': new Set([deploymentId]) },
  },
});

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
  // An empty set cannot be stored; lanes are added one by one.
  const { limited, ...unlisted } = queue;
  const { pk, sk } = queueKey(poolId, name);
  const place: Omit<QueuePlace, 'queueId'> = { queueName: name, poolId, poolName, shards };
  return [
    { Put: { Item: { ...unlisted, pk, sk }, ConditionExpression: itIsNew } },
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

/** Records of before a field was there have its default. */
function fromPoolItem({ pk, sk, ...item }: Item): WorkPool {
  return {
    pausedBy: null,
    concurrencyLimit: null,
    ...item,
    recovery: { ...RECOVERY, ...(item['recovery'] as object | undefined) },
    baseJobTemplate: new JsonText(item['baseJobTemplate'] as string),
  } as unknown as WorkPool;
}

function fromQueueItem({ pk, sk, limited, ...item }: Item): WorkQueue {
  const lanes = [...((limited as Set<string> | undefined) ?? [])];
  return { concurrencyLimit: null, ...item, limited: lanes } as unknown as WorkQueue;
}
