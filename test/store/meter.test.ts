import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { meter } from '../../store/dynamo/meter.ts';

const stops: Array<() => void> = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** What is counted of a DynamoDB that answers like this. */
async function throttledBy(status: number, answer: object) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.writeHead(status).end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  stops.push(
    () => client.destroy(),
    () => server.close(),
  );
  let throttled = 0;
  meter(client, { units: () => {}, throttled: () => throttled++ });
  return { documents: DynamoDBDocumentClient.from(client), count: () => throttled };
}

test.each([
  ['ThrottlingError', 1],
  ['ConditionalCheckFailed', 0],
])('a transaction that is cancelled for %s', async (Code, times) => {
  const __type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
  const CancellationReasons = [{ Code: 'None' }, { Code }];
  const { documents, count } = await throttledBy(400, { __type, CancellationReasons });
  const TransactItems = [{ Put: { TableName: 't', Item: { pk: 'a' } } }];
  await expect(documents.send(new TransactWriteCommand({ TransactItems }))).rejects.toThrow();
  expect(count()).toBe(times);
});

test.each([
  [{ t: { Keys: [{ pk: { S: 'a' } }] } }, 1],
  [{}, 0],
])('a batch that left undone: %j', async (UnprocessedKeys, times) => {
  const { documents, count } = await throttledBy(200, { Responses: {}, UnprocessedKeys });
  const RequestItems = { t: { Keys: [{ pk: 'a' }] } };
  await documents.send(new BatchGetCommand({ RequestItems }));
  expect(count()).toBe(times);
});
