import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { itExists } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { batchGet } from '../dynamo/read.ts';
import { put, update } from '../dynamo/write.ts';
import { ttl } from '../table/binary.ts';
import { type Key, queuePlaceKey, servedKey } from '../table/keys.ts';

/**
 * 1 write unit. Stored beside the queue's record, which every poll reads and which must not be
 * contended.
 */
export async function stampPolled(db: Dynamo, queueId: string, at: Instant): Promise<void> {
  await update(db, queuePlaceKey(queueId), {
    // A late stamp must not create the item of a deleted queue again.
    ConditionExpression: itExists,
    UpdateExpression: 'SET polledAt = :at',
    ExpressionAttributeValues: { ':at': at },
    ReturnValues: 'NONE',
  });
}

/** 1 write unit, of an uncontended item. Nothing deletes it: it expires. */
export async function stampServed(db: Dynamo, deploymentId: string, at: Instant): Promise<void> {
  await put(db, {
    ...servedKey(deploymentId),
    polledAt: at,
    expiresAt: ttl(at + NUMBERS.servedKept),
  });
}

export const readPolled = (db: Dynamo, queueIds: readonly string[]) =>
  readStamps(db, queueIds, queuePlaceKey);

export const readServed = (db: Dynamo, deploymentIds: readonly string[]) =>
  readStamps(db, deploymentIds, servedKey);

async function readStamps(
  db: Dynamo,
  ids: readonly string[],
  keyOf: (id: string) => Key,
): Promise<Map<string, Instant>> {
  const keys = new Map(ids.map((id) => [keyOf(id).pk, id]));
  const items = await batchGet(db, ids.map(keyOf));
  return new Map(
    items.flatMap((item) =>
      item['polledAt'] === undefined
        ? []
        : [[keys.get(item['pk'] as string) as string, item['polledAt'] as Instant]],
    ),
  );
}
