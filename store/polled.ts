import type { Instant } from '../core/instant.ts';
import { itExists } from './conditions.ts';
import { batchGet, type Dynamo, update } from './dynamo.ts';
import { queuePlaceKey } from './keys.ts';

/** 1 write unit. Beside the queue's record, which whoever polls reads and nobody wants to wait for. */
export async function stampPolled(db: Dynamo, queueId: string, at: Instant): Promise<void> {
  await update(db, queuePlaceKey(queueId), {
    // A stamp that comes late must not bring back what was deleted.
    ConditionExpression: itExists,
    UpdateExpression: 'SET polledAt = :at',
    ExpressionAttributeValues: { ':at': at },
    ReturnValues: 'NONE',
  });
}

export async function readPolled(
  db: Dynamo,
  queueIds: readonly string[],
): Promise<Map<string, Instant>> {
  const keys = new Map(queueIds.map((id) => [queuePlaceKey(id).pk, id]));
  const items = await batchGet(db, queueIds.map(queuePlaceKey));
  return new Map(
    items.flatMap((item) =>
      item['polledAt'] === undefined
        ? []
        : [[keys.get(item['pk'] as string) as string, item['polledAt'] as Instant]],
    ),
  );
}
