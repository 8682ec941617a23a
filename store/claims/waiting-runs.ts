import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type {
  ByHandEntry,
  ClaimedEntry,
  ReadyEntry,
  ReadyWindow,
} from '../../model/runs/dispatch-store.ts';
import { itIsListedThere } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryAll } from '../dynamo/read.ts';
import { update } from '../dynamo/write.ts';
import { idText } from '../table/binary.ts';
import {
  byHandPartition,
  claimedPartition,
  isCancellingKey,
  lanePartition,
  readyPartition,
  timeOf,
} from '../table/dispatch-keys.ts';
import { runKey } from '../table/keys.ts';
import { behind, endOf, idOf, listingShards, startOf } from '../table/timed-keys.ts';

/** Half a read unit per 20 keys or so; an idle poll reads one empty page. */
export async function listReady(
  { client, tableName }: Dynamo,
  window: ReadyWindow,
): Promise<{ candidates: ReadyEntry[]; next?: string }> {
  const { queueId, of } = window;
  const inLane = typeof of === 'object';
  const { Items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: 'dispatch',
      KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk BETWEEN :after AND :now',
      ExpressionAttributeValues: {
        ':partition': inLane ? lanePartition(queueId, of.lane) : readyPartition(queueId, of),
        ':after': window.after ?? startOf(window.from ?? 0),
        ':now': endOf(window.now),
      },
      Limit: window.limit,
      // Priced the same, but a third as much to send and to read.
      ProjectionExpression: 'gsi1sk, deploymentId, attempt',
    }),
  );
  const candidates = Items.map((item) => ({
    runId: idOf(item['gsi1sk'] as string),
    at: timeOf(item['gsi1sk'] as string),
    attempts: item['attempt'] as number,
    inLane,
    ...(item['deploymentId'] ? { deploymentId: idText(item['deploymentId'] as Uint8Array) } : {}),
  }));
  const next = last?.['gsi1sk'] as string | undefined;
  return next === undefined ? { candidates } : { candidates, next: behind(next) };
}

export async function listClaimed(db: Dynamo, sessionId: string): Promise<ClaimedEntry[]> {
  const items = await queryAll(db, {
    IndexName: 'dispatch',
    KeyConditionExpression: 'gsi1pk = :partition',
    ExpressionAttributeValues: { ':partition': claimedPartition(sessionId) },
  });
  return items.map((item) => ({
    runId: idOf(item['pk'] as string),
    since: timeOf(item['gsi1sk'] as string),
    attempt: item['attempt'] as number,
    claimId: idText(item['claimId'] as Uint8Array),
    cancelling: isCancellingKey(item['gsi1sk'] as string),
  }));
}

export async function moveToLane(
  db: Dynamo,
  { runId }: ReadyEntry,
  { queueId, deploymentId }: { queueId: string; deploymentId: string },
): Promise<boolean> {
  const written = await update(db, runKey(runId), {
    ConditionExpression: itIsListedThere,
    UpdateExpression: 'SET gsi1pk = :lane, inLane = :yes',
    ExpressionAttributeValues: {
      ':listed': readyPartition(queueId, 0),
      ':lane': lanePartition(queueId, deploymentId),
      ':yes': true,
    },
    ReturnValues: 'NONE',
  });
  return written.won;
}

export async function listByHand(db: Dynamo): Promise<ByHandEntry[]> {
  const pages = listingShards().map((shard) =>
    queryAll(db, {
      IndexName: 'dispatch',
      KeyConditionExpression: 'gsi1pk = :partition',
      ExpressionAttributeValues: { ':partition': byHandPartition(shard) },
    }),
  );
  return (await Promise.all(pages)).flat().map((item) => ({
    runId: idOf(item['pk'] as string),
    since: timeOf(item['gsi1sk'] as string),
    attempt: item['attempt'] as number,
  }));
}
