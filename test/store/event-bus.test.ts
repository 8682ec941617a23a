import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventBus } from '../../store/stream/event-bus.ts';

/** EventBridge as it answers: so many events, and so many bytes of them, at once. */
let server: Server;
let client: EventBridgeClient;
let requests: Array<Array<{ Detail: string }>> = [];
let refused: string | undefined;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { Entries: entries } = JSON.parse((await request.toArray()).join(''));
    const bytes = entries.reduce(
      (sum: number, { Detail }: { Detail: string }) => sum + Detail.length,
      0,
    );
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (entries.length > 10 || bytes > 256 * 1024) {
      response.writeHead(400).end(JSON.stringify({ __type: 'ValidationException' }));
      return;
    }
    requests.push(entries);
    const answers = entries.map(({ Detail }: { Detail: string }) =>
      Detail === refused ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' },
    );
    response.end(JSON.stringify({ FailedEntryCount: 0, Entries: answers }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  client = new EventBridgeClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(() => {
  requests = [];
  refused = undefined;
});

const events = (details: readonly string[]) =>
  details.map((detail) => ({ type: 't', time: new Date(0), detail }));
const put = (details: readonly string[]) => eventBus('bus', client)(events(details));
const sizes = () => requests.map(({ length }) => length);

test('ten at once, in their order', async () => {
  const details = Array.from({ length: 23 }, (_, i) => String(i));
  expect(await put(details)).toEqual({ put: 23 });
  expect(sizes()).toEqual([10, 10, 3]);
  expect(requests.flat().map(({ Detail }) => Detail)).toEqual(details);
});

test('no more than 256 KB at once', async () => {
  const large = 'x'.repeat(149_000);
  expect(await put(['a', large, large, 'b', large])).toEqual({ put: 5 });
  expect(sizes()).toEqual([2, 2, 1]);
});

test('the first one that is refused, and why', async () => {
  refused = '12';
  const answer = await put(Array.from({ length: 23 }, (_, i) => String(i)));
  expect(answer).toEqual({ put: 12, error: new Error('ThrottlingException') });
});

test('those before a request that fails are there', async () => {
  const answer = await put([...'abcdefghij', 'x'.repeat(300_000)]);
  expect(answer).toEqual({
    put: 10,
    error: expect.objectContaining({ name: 'ValidationException' }),
  });
});
