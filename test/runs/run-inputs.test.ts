import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exchange, request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

let stack: TestStack;
let runs: string[];
beforeAll(async () => {
  stack = await startTestStack();
  const { deployment } = await createWork(stack.client);
  runs = await createRuns(stack.client, deployment.id, 4);
});
afterAll(() => stack.stop());

const send = (id: string | undefined, key: string, value: string, more = {}) =>
  request(stack, 'POST', `/flow_runs/${id}/input`, { key, value, ...more });
const list = async (id: string | undefined, body: object) =>
  (await request(stack, 'POST', `/flow_runs/${id}/input/filter`, body)).body;

test('a value is read as it was sent, as plain text', async () => {
  const [id] = runs;
  const value = '{"big": 12345678901234567890, "x": 1.0}';
  expect((await send(id, 'keyset-response', value)).status).toBe(201);
  const answer = await exchange(stack, 'GET', `/flow_runs/${id}/input/keyset-response`);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toBeNull();
  expect(answer.text).toBe(value);
});

test('a key is written once, of many that try at the same time', async () => {
  const [, id] = runs;
  const answers = await Promise.all([1, 2, 3].map((n) => send(id, 'k', `${n}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  const lost = answers.find(({ status }) => status === 409);
  expect(lost?.body.code).toBe('run_input_exists');
});

test('they are listed by how their keys begin, oldest first, one if nothing else is said', async () => {
  const [, , id] = runs;
  for (const key of ['b-2', 'b-1', 'a-1']) await send(id, key, '1', { sender: 'me' });
  const keys = async (body: object) =>
    (await list(id, body)).map(({ key }: { key: string }) => key);
  expect(await keys({ prefix: '' })).toEqual(['b-2']);
  expect(await keys({ prefix: '', limit: 9 })).toEqual(['b-2', 'b-1', 'a-1']);
  expect(await keys({ prefix: 'b-', limit: 9, exclude_keys: ['b-2'] })).toEqual(['b-1']);
  expect(await list(id, { prefix: 'a' })).toEqual([
    {
      id: expect.any(String),
      created: expect.any(String),
      updated: expect.any(String),
      flow_run_id: id,
      key: 'a-1',
      value: '1',
      sender: 'me',
    },
  ]);
});

test('what is deleted is gone, and its key is free; a deleted run takes its inputs along', async () => {
  const [, , , id] = runs;
  await send(id, 'k', '1');
  const at = `/flow_runs/${id}/input/k`;
  expect((await request(stack, 'DELETE', at)).status).toBe(204);
  expect((await request(stack, 'DELETE', at)).body.code).toBe('run_input_not_found');
  expect((await send(id, 'k', '2')).status).toBe(201);
  await stack.client.deleteFlowRun({ id: `${id}` });
  expect((await request(stack, 'GET', at)).status).toBe(404);
});

test.each([
  [randomUUID(), 'k', 404, 'flow_run_not_found'],
  [undefined, 'a/b', 422, 'invalid_request'],
  [undefined, 'a?b', 422, 'invalid_request'],
  [undefined, '', 422, 'invalid_request'],
] as const)('to %s under %j: %i', async (id, key, status, code) => {
  const answer = await send(id ?? runs[0], key, '1');
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});
