import type { Limit } from '../../model/limits.ts';
import {
  type Changed,
  DEFAULT_RECOVERY,
  NO_STORAGE,
  type StorageConfiguration,
  type WorkPool,
} from '../../model/pools.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { itIsNew, itIsTheOneRead } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { get, queryAll } from '../dynamo/read.ts';
import { changed } from '../dynamo/record-change.ts';
import { transact } from '../dynamo/transact.ts';
import { UpdateExpression } from '../dynamo/update-expression.ts';
import { limitWrite } from '../limits/limits.ts';
import type { Item } from '../table/item.ts';
import { POOLS, poolKey } from '../table/keys.ts';
import { newQueue } from './queues.ts';

export async function createPool(
  db: Dynamo,
  pool: WorkPool,
  defaultQueue: Parameters<typeof newQueue>[0],
  limit?: Limit,
): Promise<'created' | 'exists'> {
  const done = await transact(db, [
    { Put: { Item: toPoolItem(pool), ConditionExpression: itIsNew } },
    ...newQueue(defaultQueue),
    ...(limit ? [limitWrite(limit)] : []),
  ]);
  // It was this very write, which the SDK retried after its response was lost.
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
  { id, name }: Pick<WorkPool, 'id' | 'name'>,
  { baseJobTemplate, storage, ...change }: Partial<WorkPool>,
  limit?: Limit,
): Promise<Changed> {
  const fields = {
    ...change,
    ...(baseJobTemplate ? { baseJobTemplate: baseJobTemplate.text } : {}),
    ...(storage ? { storage: toStorage(storage) } : {}),
  };
  return changed(
    await transact(db, [
      {
        Update: {
          Key: poolKey(name),
          ConditionExpression: itIsTheOneRead,
          ...new UpdateExpression().set(fields).with({ ':id': id }),
        },
      },
      ...(limit ? [limitWrite(limit)] : []),
    ]),
  );
}

const toPoolItem = (pool: WorkPool): Item => ({
  ...pool,
  ...poolKey(pool.name),
  baseJobTemplate: pool.baseJobTemplate.text,
  storage: toStorage(pool.storage),
});

/** Records that were written before a field existed get its default. */
function fromPoolItem({ pk, sk, ...item }: Item): WorkPool {
  return {
    pausedBy: null,
    concurrencyLimit: null,
    queuesVersion: 0,
    ...item,
    recovery: { ...DEFAULT_RECOVERY, ...(item['recovery'] as object | undefined) },
    baseJobTemplate: new JsonText(item['baseJobTemplate'] as string),
    storage: item['storage'] ? fromStorage(item['storage'] as StoredStorage) : NO_STORAGE,
  } as unknown as WorkPool;
}

type StoredStorage = { readonly [Field in keyof StorageConfiguration]: string | null };

const toStorage = (storage: StorageConfiguration): StoredStorage => ({
  ...storage,
  bundleUploadStep: storage.bundleUploadStep?.text ?? null,
  bundleExecutionStep: storage.bundleExecutionStep?.text ?? null,
});

const fromStorage = (stored: StoredStorage): StorageConfiguration => ({
  ...stored,
  bundleUploadStep: stored.bundleUploadStep === null ? null : new JsonText(stored.bundleUploadStep),
  bundleExecutionStep:
    stored.bundleExecutionStep === null ? null : new JsonText(stored.bundleExecutionStep),
});
