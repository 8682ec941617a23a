import type { Limit } from '../../model/limits.ts';
import type {
  BesideQueue,
  Changed,
  DeletedQueue,
  QueueOrder,
  QueuePlace,
  WorkPool,
  WorkQueue,
} from '../../model/pools.ts';
import type { Instant } from '../../model/values/instant.ts';
import {
  allOf,
  itExists,
  itIsNew,
  itIsTheOneRead,
  theQueuesAreTheOnesRead,
} from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { get, queryPrefix } from '../dynamo/read.ts';
import { changed, setting } from '../dynamo/record-change.ts';
import { type TransactItem, transact } from '../dynamo/transact.ts';
import { limitWrite } from '../limits/limits.ts';
import type { Item } from '../table/item.ts';
import {
  deletedQueueKey,
  limitKey,
  poolKey,
  poolPartition,
  QUEUES,
  queueKey,
  queuePlaceKey,
} from '../table/keys.ts';

/** The new queue first, so that a lost condition at 0 means that its name is taken. */
export async function createQueue(
  db: Dynamo,
  queue: WorkQueue,
  order: QueueOrder,
  limit?: Limit,
): Promise<'created' | 'exists' | 'outrun'> {
  const limits = limit ? [limitWrite(limit)] : [];
  const done = await transact(db, [...newQueue(queue), ...reorder(order), ...limits]);
  if (done.won || done.item?.['id'] === queue.id) return 'created';
  return done.at === 0 ? 'exists' : 'outrun';
}

export async function updateQueue(
  db: Dynamo,
  queue: WorkQueue,
  change: Partial<WorkQueue>,
  { order, limit }: BesideQueue = {},
): Promise<Changed> {
  const done = await transact(db, [
    {
      Update: {
        Key: queueKey(queue.poolId, queue.name),
        ConditionExpression: itIsTheOneRead,
        ...setting(change, { ':id': queue.id }),
      },
    },
    ...(order ? reorder(order) : []),
    ...(limit ? [limitWrite(limit)] : []),
  ]);
  return changed(done);
}

/** Its slots are not looked for: each goes with the claim that holds it. */
export async function deleteQueue(db: Dynamo, queue: WorkQueue, at: Instant): Promise<boolean> {
  const [record, ...rest] = keysOf(queue);
  const done = await transact(db, [
    {
      Delete: {
        Key: record,
        ConditionExpression: itIsTheOneRead,
        ExpressionAttributeValues: { ':id': queue.id },
      },
    },
    ...rest.map((Key) => ({ Delete: { Key } })),
    { Put: { Item: toDeletedQueue(queue, at) } },
  ]);
  return done.won;
}

export function toDeletedQueue({ id, poolId, shards, limited }: WorkQueue, at: Instant): Item {
  const deleted: DeletedQueue = { id, poolId, shards, limited, deletedAt: at };
  return { ...deletedQueueKey(id), ...deleted };
}

/** All that is written of a queue, its record first. */
export const keysOf = ({ id, poolId, name }: WorkQueue) => [
  queueKey(poolId, name),
  queuePlaceKey(id),
  limitKey({ kind: 'queue', id }),
];

export async function addLane(
  db: Dynamo,
  place: Pick<QueuePlace, 'poolId' | 'queueName'>,
  deploymentId: string,
): Promise<void> {
  await transact(db, [laneAdded(place, deploymentId)]);
}

/** As an item of a transaction; a set, so that adding twice is adding once. */
const laneAdded = (
  { poolId, queueName }: Pick<QueuePlace, 'poolId' | 'queueName'>,
  deploymentId: string,
): TransactItem => ({
  Update: {
    Key: queueKey(poolId, queueName),
    ConditionExpression: itExists,
    UpdateExpression: 'ADD #limited :lane',
    ExpressionAttributeNames: { '#limited': 'limited' },
    ExpressionAttributeValues: { ':lane': new Set([deploymentId]) },
  },
});

export async function listQueues(db: Dynamo, poolId: string): Promise<WorkQueue[]> {
  const queues = (await queryPrefix(db, poolPartition(poolId), QUEUES)).map(fromQueueItem);
  return queues.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
}

export async function readQueuePlace(db: Dynamo, queueId: string): Promise<QueuePlace | undefined> {
  const item = await get(db, queuePlaceKey(queueId));
  if (!item) return undefined;
  const { pk, sk, ...place } = item;
  return { polledAt: null, ...place, queueId } as QueuePlace;
}

export function newQueue(queue: WorkQueue): TransactItem[] {
  const { id, name, poolId, poolName, shards } = queue;
  // An empty set cannot be stored; lanes are added one by one.
  const { limited, ...unlisted } = queue;
  const place: Omit<QueuePlace, 'queueId' | 'polledAt'> = {
    queueName: name,
    poolId,
    poolName,
    shards,
  };
  return [
    { Put: { Item: { ...unlisted, ...queueKey(poolId, name) }, ConditionExpression: itIsNew } },
    { Put: { Item: { ...queuePlaceKey(id), ...place } } },
  ];
}

/** One order of a pool's queues after the other: who comes second reads them again. */
const reorder = ({ pool, moved }: QueueOrder): TransactItem[] => [
  ...moved.map(moving),
  {
    Update: {
      Key: poolKey(pool.name),
      ConditionExpression: allOf(itIsTheOneRead, theQueuesAreTheOnesRead),
      ...setting(versionAfter(pool), { ':id': pool.id, ':queuesRead': pool.queuesVersion }),
    },
  },
];

const versionAfter = ({ queuesVersion }: WorkPool) => ({ queuesVersion: queuesVersion + 1 });

const moving = ({ poolId, name, priority, updatedAt }: WorkQueue) => ({
  Update: {
    Key: queueKey(poolId, name),
    ConditionExpression: itExists,
    ...setting({ priority, updatedAt }),
  },
});

function fromQueueItem({ pk, sk, limited, ...item }: Item): WorkQueue {
  const lanes = [...((limited as Set<string> | undefined) ?? [])];
  return { concurrencyLimit: null, ...item, limited: lanes } as unknown as WorkQueue;
}
