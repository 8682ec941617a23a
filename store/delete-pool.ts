import type { DeletedPool, WorkPool } from '../core/records.ts';
import { itIsTheOneRead } from './conditions.ts';
import { batchDelete, type Dynamo, queryAll, transact } from './dynamo.ts';
import {
  DELETED_POOLS,
  deletedPoolKey,
  deletedPoolPrefix,
  type Key,
  limitKey,
  poolKey,
  poolPartition,
} from './keys.ts';
import { keysOf, listQueues } from './queues.ts';

/** The record goes and the deleted one comes, at once: so a sweep finds what was left undone. */
export async function deletePool(db: Dynamo, pool: WorkPool, at: number): Promise<boolean> {
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

export async function clearQueues(db: Dynamo, poolId: string): Promise<void> {
  await batchDelete(db, (await listQueues(db, poolId)).flatMap(keysOf));
}

export async function listDeletedPools(db: Dynamo, name?: string): Promise<DeletedPool[]> {
  const items = await queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: `pk = :pools${name === undefined ? '' : ' AND begins_with(sk, :name)'}`,
    ExpressionAttributeValues: {
      ':pools': DELETED_POOLS,
      ...(name === undefined ? {} : { ':name': deletedPoolPrefix(name) }),
    },
  });
  const pools = items.map(({ pk, sk, ...pool }) => pool as unknown as DeletedPool);
  return pools.filter((pool) => name === undefined || pool.name === name);
}

/** Its own record last: who dies over it is followed by the next sweep. */
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
