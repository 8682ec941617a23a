import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** Clients are told of the limit of a deployment by an id and a name, and find it by both. */
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const limits = (method: string, path: string, body?: object) =>
  request(stack, method, `/v2/concurrency_limits/${path}`, body);
const pending = async (id: string) =>
  (await stack.client.setState({ id, body: { state: { type: 'PENDING' } } })).status;

async function limited() {
  const { deployment } = await createWork(stack.client);
  await request(stack, 'PATCH', `/deployments/${deployment.id}`, { concurrency_limit: 1 });
  const { body } = await request(stack, 'GET', `/deployments/${deployment.id}`);
  return { id: deployment.id as string, told: body.global_concurrency_limit };
}

test('it is read, listed, changed and deleted by its id and by its name', async () => {
  const { id, told } = await limited();
  const runs = await createRuns(stack.client, id, 3);
  const [one = '', two = '', three = ''] = runs;
  expect([await pending(one), await pending(two)]).toEqual(['ACCEPT', 'REJECT']);
  for (const key of [told.id, told.name]) {
    const { status, body } = await limits('GET', key);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { id: told.id, name: told.name, limit: 1, active_slots: 1, active: true },
    });
  }
  const listed = (await limits('POST', 'filter')).body;
  expect(listed.map(({ name }: { name: string }) => name)).toContain(told.name);

  expect((await limits('PATCH', told.name, { limit: 2 })).status).toBe(204);
  expect(await pending(two)).toBe('ACCEPT');
  expect((await limits('PATCH', told.id, { limit: 3, name: told.name })).status).toBe(204);
  expect((await limits('GET', told.id)).body).toMatchObject({ limit: 3, active_slots: 2 });
  expect((await limits('DELETE', told.name)).status).toBe(204);
  expect((await limits('GET', told.id)).status).toBe(404);
  expect(await pending(three)).toBe('ACCEPT');
}, 60_000);

test.each([
  ['another name', { name: 'other' }],
  ['a decay', { slot_decay_per_second: 1 }],
  ['slots that nobody holds', { active_slots: 1 }],
  ['what is not active', { active: false }],
])('it cannot have %s, and the refusal says what to do', async (_, change) => {
  const { told } = await limited();
  const { status, body } = await limits('PATCH', told.name, change);
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: 'invalid_request', hint: expect.any(String) });
  expect((await limits('GET', told.name)).body.limit).toBe(1);
});

test('a limit that nobody was told of is not found', async () => {
  const { deployment } = await createWork(stack.client);
  for (const key of [randomUUID(), `deployment:${randomUUID()}`, deployment.id, 'deployment:x']) {
    expect((await limits('GET', key)).status).toBe(404);
    expect((await limits('PATCH', key, { limit: 1 })).status).toBe(404);
    expect((await limits('DELETE', key)).status).toBe(404);
  }
});
