import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { exchange } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork } from '../support/work.ts';

/** What one request may cost, also with a key that may only read. */
let stack: TestStack;
let view: Record<string, string>;
let admin: Record<string, string>;
let deployment: string;

beforeAll(async () => {
  stack = await startTestStack({ asksForKeys: true });
  const first = await stack.client.createApiKey({ body: { name: 'first', role: 'admin' } });
  admin = { authorization: `Bearer ${first.key}` };
  const client = createClient({ url: stack.url, headers: admin });
  const key = await client.createApiKey({ body: { name: 'looks', role: 'view' } });
  view = { authorization: `Bearer ${key.key}` };
  deployment = (await createWork(client)).deployment.id;
});
afterAll(() => stack.stop());

const list = (item: string, count: number) => `[${Array(count).fill(item).join(',')}]`;
const create = `/deployments/__/create_flow_run/bulk`;

test.each([
  ['a list of runs', create, (items: string) => items],
  [
    'a list of ids',
    '/flow_runs/filter',
    (items: string) => `{"flow_runs":{"id":{"any_":${items}}}}`,
  ],
  ['a list in an unknown field', '/flow_runs/filter', (items: string) => `{"odd":${items}}`],
  ['a list of lists', '/flow_runs/filter', (items: string) => `{"flow_runs":[${items}]}`],
  ['logs', '/logs/', (items: string) => items],
])('%s with very many items is refused before they are checked', async (_, path, body) => {
  const where = path.replace('__', deployment);
  const sent = body(list('1', 2_000_000));
  const refused = await exchange(
    stack,
    'POST',
    where,
    sent,
    path.endsWith('filter') ? view : admin,
  );
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({ code: 'invalid_request', request_body: null });
  expect(refused.text.length).toBeLessThan(2_000);
});

test('a list that is too long says how long it may be', async () => {
  const ids = list('"83cbbf9c-91e6-4308-9075-425ed00e493b"', NUMBERS.listItems + 1);
  const sent = `{"flow_runs":{"id":{"any_":${ids}}}}`;
  const { body } = await exchange(stack, 'POST', '/flow_runs/filter', sent, view);
  expect(body.exception_detail).toEqual([
    {
      loc: ['body', 'flow_runs', 'id', 'any_'],
      msg: 'Expected a list of at most 10000 items; this one has 10001.',
      type: 'too_big',
    },
  ]);
});

test('of many faults the first are listed, and the others are counted', async () => {
  const sent = { flow_runs: { id: { any_: Array(500).fill('x') } } };
  const { status, body } = await exchange(stack, 'POST', '/flow_runs/filter', sent, view);
  expect(status).toBe(422);
  expect(body.exception_detail).toHaveLength(NUMBERS.faultsShown);
  expect(body.fault_count).toBe(500);
  expect(body.hint).toContain('(and 499 more faults)');
  expect(body.request_body).toEqual(sent);
});

test('a large body is not repeated in the response that refuses it', async () => {
  const sent = { description: 'x'.repeat(NUMBERS.bodyEchoed), name: 7 };
  const { body, text } = await exchange(stack, 'POST', '/flows/', sent, admin);
  expect(body).toMatchObject({ code: 'invalid_request', request_body: null });
  expect(text.length).toBeLessThan(5_000);
});

test('a long key is cut where a fault names it', async () => {
  const sent = { ['k'.repeat(100_000)]: 1 };
  const { status, text } = await exchange(stack, 'POST', '/flows/', sent, admin);
  expect(status).toBe(422);
  expect(text.length).toBeLessThan(5_000);
});

test('a compressed body is inflated up to the size of one that is not', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', ...view };
  const post = async (spaces: number) => {
    const body = new Uint8Array(gzipSync(`{}${' '.repeat(spaces)}`));
    const response = await fetch(`${stack.url}/flow_runs/count`, { method: 'POST', headers, body });
    // biome-ignore lint/suspicious/noExplicitAny: whatever the server says.
    return [response.status, (await response.json()) as any] as const;
  };
  expect((await post(NUMBERS.bodyBytes - 2))[0]).toBe(200);
  const [status, refused] = await post(NUMBERS.bodyBytes - 1);
  expect(status).toBe(422);
  expect(refused.exception_detail[0].type).toBe('gzip_invalid');
});

test('parameters may have as many values as fit them', async () => {
  const sent = `{"parameters":{"x":${list('1', 250_000)}}}`;
  const path = `/deployments/${deployment}/create_flow_run`;
  expect((await exchange(stack, 'POST', path, sent, admin)).status).toBe(201);
});

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  ['deep', (depth: number) => ({ __prefect_kind: 'json', value: nested(depth) }), 1],
  [
    'as deep in others',
    (depth: number) => {
      const half = Math.floor(depth / 2);
      const inner = JSON.stringify({ __prefect_kind: 'json', value: nested(depth - half) });
      return JSON.parse('['.repeat(half) + inner + ']'.repeat(half));
    },
    1,
  ],
])('a parameter of the kind JSON is bounded like the body: %s', async (_, value, around) => {
  const post = (depth: number) =>
    exchange(
      stack,
      'POST',
      `/deployments/${deployment}/create_flow_run`,
      {
        parameters: { x: value(depth) },
      },
      admin,
    );
  expect((await post(NUMBERS.jsonDepth - around)).status).toBe(201);
  const refused = await post(NUMBERS.jsonDepth - around + 1);
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({
    code: 'parameter_template_invalid',
    detail: expect.stringContaining('nested at most 500 levels deep'),
  });
});

test('an input of a run is bounded like the body, for whoever parses it', async () => {
  const path = `/deployments/${deployment}/create_flow_run`;
  const { body: run } = await exchange(stack, 'POST', path, {}, admin);
  const post = (key: string, value: string) =>
    exchange(stack, 'POST', `/flow_runs/${run.id}/input`, { key, value }, admin);
  expect((await post('a', nested(NUMBERS.jsonDepth))).status).toBe(201);
  expect((await post('b', nested(NUMBERS.jsonDepth + 1))).status).toBe(422);
});
