import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { DeletedPool, DeletedQueue, WorkPool } from '../../model/pools.ts';
import type { Instant } from '../../model/values/instant.ts';
import { itIsTheOneRead } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryAll, queryPrefix } from '../dynamo/read.ts';
import { transact } from '../dynamo/transact.ts';
import { put } from '../dynamo/write.ts';
import {
  DELETED,
  DELETED_QUEUES,
  deletedPoolKey,
  deletedPoolPrefix,
  deletedQueueKey,
  type Key,
  limitKey,
  poolKey,
  poolPartition,
} from '../table/keys.ts';
import { keysOf, listQueues, toDeletedQueue } from './queues.ts';

/**
 * One transaction replaces the pool's record by that of a deleted pool, so that a sweep finds what
 * is left to do.
 */
export async function deletePool(db: Dynamo, pool: WorkPool, at: Instant): Promise<boolean> {
  const { id, name, recovery } = pool;
  const deleted: DeletedPool = { id, name, recovery, deletedAt: at };
  const done = await transact(db, [
    {
      Delete: {
        Key: poolKey(name),
        ConditionExpression: itIsTheOneRead,
        ExpressionAttributeValues: { ':id': id },
      },
    },
    { Put: { Item: { ...deletedPoolKey(name, id), ...deleted } } },
    { Delete: { Key: limitKey({ kind: 'pool', id }) } },
  ]);
  return done.won;
}

/** Each queue is on record as deleted before its items are. @returns the queues' ids. */
export async function clearQueues(db: Dynamo, poolId: string, at: Instant): Promise<string[]> {
  const queues = await listQueues(db, poolId);
  await Promise.all(queues.map((queue) => put(db, toDeletedQueue(queue, at))));
  await batchDelete(db, queues.flatMap(keysOf));
  return queues.map(({ id }) => id);
}

/** The prefix `name#` also matches names that begin with it, so those are filtered out. */
export async function listDeletedPools(db: Dynamo, name?: string): Promise<DeletedPool[]> {
  const items = await queryPrefix(db, DELETED, deletedPoolPrefix(name));
  const pools = items.map(({ pk, sk, ...pool }) => pool as unknown as DeletedPool);
  return pools.filter((pool) => name === undefined || pool.name === name);
}

export async function listDeletedQueues(db: Dynamo): Promise<DeletedQueue[]> {
  const items = await queryPrefix(db, DELETED, DELETED_QUEUES);
  return items.map(({ pk, sk, ...queue }) => queue as unknown as DeletedQueue);
}

/** Deletes the pool's own record last: if this is interrupted, the next sweep continues. */
export async function forgetDeletedPool(db: Dynamo, { id, name }: DeletedPool): Promise<void> {
  const items = await queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pool',
    ExpressionAttributeValues: { ':pool': poolPartition(id) },
    ProjectionExpression: 'pk, sk',
  });
  await batchDelete(
    db,
    items.map(({ pk, sk }) => ({ pk, sk }) as Key),
  );
  await batchDelete(db, [deletedPoolKey(name, id)]);
}

export const forgetDeletedQueue = (db: Dynamo, queueId: string): Promise<void> =>
  batchDelete(db, [deletedQueueKey(queueId)]);

/** Without conditions, 25 at a time. Items that DynamoDB did not process are sent again. */
async function batchDelete({ client, tableName }: Dynamo, keys: readonly Key[]): Promise<void> {
  let left: object[] = keys.map((Key) => ({ DeleteRequest: { Key } }));
  while (left.length > 0) {
    const { UnprocessedItems } = await client.send(
      new BatchWriteCommand({ RequestItems: { [tableName]: left.slice(0, 25) } }),
    );
    left = [...(UnprocessedItems?.[tableName] ?? []), ...left.slice(25)];
  }
}
