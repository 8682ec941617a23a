import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, createClient, UnfitNameError } from '../../client/index.ts';

const paths: (string | undefined)[] = [];
const server = createServer(({ url }, response) => {
  paths.push(url);
  response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
});
let client: Client;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = createClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api` });
});
beforeEach(() => void paths.splice(0));
afterAll(() => void server.close());

test.each([
  ['etl?', 'may not contain "?", as "etl?" does'],
  ['a/b', 'may not contain "/"'],
  ['100%', 'may not contain "%"'],
  ['a#b', 'may not contain "#"'],
  ['a\\b', String.raw`may not contain "\\"`],
  ['a\nb', String.raw`may not contain "\n"`],
  ['a\ud800', String.raw`may not contain "\ud800"`],
  ['.', 'may not be "." or ".."'],
  ['..', 'may not be "." or ".."'],
  ['', 'may not be empty'],
])('a name that would make another address of it is not sent: %j', async (queue, why) => {
  const sent = client.deleteWorkQueue({ name: 'etl', queue });
  await expect(sent).rejects.toThrow(UnfitNameError);
  await expect(sent).rejects.toThrow(`A work queue's name that goes into an address ${why}`);
  await expect(sent).rejects.toThrow('POST /api/work_queues/filter shows: /api/work_queues/{id}');
  expect(paths).toEqual([]);
});

test.each(['two words', 'größe 🚀', "it's", 'a+b', '.dot', 'a:b;c,d=e@f', '...', '&*(x)'])(
  'any other name is: %s',
  async (name) => {
    await client.readWorkers({ name });
    expect(paths.map((path) => decodeURIComponent(path ?? ''))).toEqual([
      `/api/work_pools/${name}/workers`,
    ]);
  },
);
