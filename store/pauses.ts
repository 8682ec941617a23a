import type { Instant } from '../core/instant.ts';
import { LIMITS } from '../core/limits.ts';
import type { DuePause } from '../core/pauses.ts';
import { itIsDueThen } from './conditions.ts';
import { type Dynamo, put, queryAll, remove } from './dynamo.ts';
import {
  duePauseKeys,
  endOf,
  idOf,
  listingShards,
  pauseKey,
  pausePartition,
  timeOf,
} from './keys.ts';

export async function notePause(db: Dynamo, { runId, until }: DuePause): Promise<void> {
  await put(db, { ...pauseKey(runId), ...duePauseKeys(runId, until) });
}

export async function listDuePauses(db: Dynamo, now: Instant): Promise<DuePause[]> {
  const shards = await Promise.all(
    listingShards().map((shard) =>
      queryAll(
        db,
        {
          IndexName: 'dispatch',
          KeyConditionExpression: 'gsi1pk = :due AND gsi1sk < :end',
          ExpressionAttributeValues: { ':due': pausePartition(shard), ':end': endOf(now) },
        },
        LIMITS.duePauses,
      ),
    ),
  );
  return shards.flat().map((item) => {
    const listed = item['gsi1sk'] as string;
    return { runId: idOf(listed), until: timeOf(listed) };
  });
}

export async function forgetPause(db: Dynamo, { runId, until }: DuePause): Promise<void> {
  const { gsi1sk } = duePauseKeys(runId, until);
  await remove(db, pauseKey(runId), itIsDueThen, { ':due': gsi1sk });
}
