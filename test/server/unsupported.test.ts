import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** What an unmodified client gets where nobody ever created any of it. */
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { send } = requestsTo(() => stack);

const ID = randomUUID();
const names = { names: ['tag:x'], slots: 1, mode: 'concurrency' };

test.each<[string, string, number, unknown, unknown?]>([
  ['POST', '/v2/concurrency_limits/filter', 200, [], { limit: 100, offset: 0 }],
  ['POST', '/v2/concurrency_limits/increment', 200, [], names],
  ['POST', '/v2/concurrency_limits/decrement', 200, [], names],
  ['POST', '/v2/concurrency_limits/decrement-with-lease', 204, undefined, { lease_id: ID }],
  ['POST', '/concurrency_limits/filter', 200, [], {}],
  ['POST', '/concurrency_limits/increment', 200, [], { names: ['x'], task_run_id: ID }],
  ['POST', '/concurrency_limits/decrement', 200, [], { names: ['x'], task_run_id: ID }],
  ['POST', '/automations/filter', 200, [], { limit: 200 }],
  ['POST', '/automations/count', 200, 0, {}],
  ['GET', `/automations/related-to/prefect.deployment.${ID}`, 200, []],
  ['DELETE', `/automations/owned-by/prefect.deployment.${ID}`, 202, undefined],
  ['POST', '/events', 204, undefined, []],
  ['POST', '/events/filter', 200, { events: [], total: 0, next_page: null }, {}],
])('%s %s is %i %j', async (method, path, status, answer, body) => {
  expect(await send(method, path, body)).toEqual({ status, body: answer });
});

test('an increment with a lease takes nothing, and has a lease of its own each time', async () => {
  const path = '/v2/concurrency_limits/increment-with-lease';
  const [one, two] = [await send('POST', path, names), await send('POST', path, names)];
  expect(one).toEqual({ status: 200, body: { lease_id: expect.any(String), limits: [] } });
  expect(one?.body.lease_id).not.toBe(two?.body.lease_id);
});

test.each([
  ['/v2/concurrency_limits/db', 'Concurrency Limit not found'],
  [`/concurrency_limits/${ID}`, 'Concurrency limit not found'],
  ['/concurrency_limits/tag/x', 'Concurrency limit not found'],
  [`/automations/${ID}`, 'Automation not found'],
])('GET %s is 404: %s', async (path, detail) => {
  expect(await send('GET', path)).toMatchObject({ status: 404, body: { detail } });
});

test.each([
  ['DELETE', '/v2/concurrency_limits/db'],
  ['PATCH', '/v2/concurrency_limits/db'],
  ['DELETE', `/concurrency_limits/${ID}`],
  ['DELETE', '/concurrency_limits/tag/x'],
  ['POST', '/concurrency_limits/tag/x/reset'],
  ['PATCH', `/automations/${ID}`],
  ['DELETE', `/automations/${ID}`],
])('%s %s is 404, too', async (method, path) => {
  expect((await send(method, path, {})).status).toBe(404);
});

test.each(['/automations/'])('POST %s is 501, and says so in a sentence', async (path) => {
  expect(await send('POST', path, { name: 'x' })).toMatchObject({
    status: 501,
    body: {
      code: 'not_supported',
      detail: expect.stringContaining('not supported yet.'),
      hint: expect.any(String),
    },
  });
});
