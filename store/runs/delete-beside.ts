import { setTimeout as pause } from 'node:timers/promises';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Run } from '../../model/runs/run.ts';
import { jitter } from '../dynamo/contention.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryAll } from '../dynamo/read.ts';
import { idText } from '../table/binary.ts';
import { childRunKey, isPayloadKey, type Key, runKey, taskRunKey } from '../table/keys.ts';

/** DynamoDB's bound of a batch. */
const BATCH = 25;

/**
 * Deletes what lies beside a deleted run: moved states, logs, payloads, its task runs. If the run
 * has an idempotency key, its payloads stay, because they are stored under their own hash and a
 * concurrent create with that key may just have written its own there.
 */
export async function deleteBeside(db: Dynamo, run: Run): Promise<void> {
  const { pk, sk } = runKey(run.id);
  const beside = await queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk > :sk',
    ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
    ProjectionExpression: 'pk, sk, taskRunId',
  });
  const taskRuns = beside.flatMap(({ taskRunId }) =>
    taskRunId ? taskRunKey(idText(taskRunId as Uint8Array)) : [],
  );
  const comesAgain = run.idempotencyKey !== undefined;
  const keys = beside
    .map((item) => ({ pk: item['pk'] as string, sk: item['sk'] as string }))
    .filter((key) => !(comesAgain && isPayloadKey(key)));
  if (run.parentTaskRunId && !comesAgain) keys.push(childRunKey(run.parentTaskRunId, run.id));
  await deleteItems(db, [...keys, ...taskRuns]);
}

/** Deletes without a condition, 25 at a time. */
export async function deleteItems(
  { client, tableName, random }: Dynamo,
  keys: readonly Key[],
): Promise<void> {
  for (let i = 0; i < keys.length; i += BATCH) {
    let left: object[] = keys
      .slice(i, i + BATCH)
      .map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 0) await pause(jitter(tries, random));
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [tableName]: left } }),
      );
      left = UnprocessedItems?.[tableName] ?? [];
    }
  }
}
