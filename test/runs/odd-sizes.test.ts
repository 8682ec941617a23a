import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { request, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** What users send that meets a bound of the database: its keys, its items, its replies. */
let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
const { get, post, patch } = requestsTo(() => stack);
/** Characters of three bytes each: 1,000 of them are more than a key may have. */
const LONG = '界'.repeat(1_000);

beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const propose = (id: string, state: object, force = false) =>
  post(`/flow_runs/${id}/set_state`, { state, force });
async function running(): Promise<string> {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  for (const type of ['PENDING', 'RUNNING']) await propose(id, { type });
  return id;
}

test.each(['', 'constructor', 'toString', 'hasOwnProperty', '#a', ':a', 'a.b', LONG.slice(0, 300)])(
  'the metadata of an artifact may have the key "%s"',
  async (key) => {
    const metadata_ = { [key]: 'value', other: 'x'.repeat(600) };
    const made = await post('/artifacts/', { key: 'odd', metadata_ });
    expect(made.status).toBe(201);
    const kept = { [key]: 'value', other: `${'x'.repeat(500)}...` };
    expect((await get(`/artifacts/${made.body.id}`)).body.metadata_).toEqual(kept);
    expect((await patch(`/artifacts/${made.body.id}`, { metadata_ })).status).toBe(204);
    expect((await get(`/artifacts/${made.body.id}`)).body.metadata_).toEqual(kept);
  },
);

test.each([
  ['the prefix of inputs', '/flow_runs/ID/input/filter', { prefix: LONG }, 422],
  ['an increment', '/v2/concurrency_limits/increment', { names: [LONG], slots: 1 }, 200],
  ['a decrement', '/v2/concurrency_limits/decrement', { names: [LONG], slots: 1 }, 200],
  ['a lease', '/v2/concurrency_limits/increment-with-lease', { names: [LONG], slots: 1 }, 200],
  [
    'the tags of a task',
    '/concurrency_limits/increment',
    { names: [LONG], task_run_id: randomUUID() },
    200,
  ],
  ['a limit', '/v2/concurrency_limits/', { name: LONG, limit: 1 }, 422],
  [
    'the queues of a poll',
    '/work_pools/POOL/get_scheduled_flow_runs',
    { work_queue_names: [LONG] },
    422,
  ],
  ['a worker', '/work_pools/POOL/workers/heartbeat', { name: LONG }, 422],
])(
  'a name that is longer than a key is no fault of the server: %s',
  async (_, path, body, status) => {
    const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
    const answer = await post(path.replace('ID', id).replace('POOL', work.pool), body);
    expect(answer.status).toBe(status);
  },
);

test('nor is a long version of a block schema', async () => {
  const type = await post('/block_types/', { name: 'odd', slug: `odd-${randomUUID()}` });
  const body = { block_type_id: type.body.id, fields: {} };
  expect((await post('/block_schemas/', { ...body, version: LONG })).status).toBe(422);
  expect((await post('/block_schemas/', { ...body, version: LONG.slice(0, 300) })).status).toBe(
    201,
  );
});

test('nor is a long name of a worker in its header', async () => {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  const headers = { 'x-prefect-worker-name': 'w'.repeat(1_100) };
  const body = { state: { type: 'PENDING' } };
  const answer = await request(stack, 'POST', `/flow_runs/${id}/set_state`, body, headers);
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  expect(answer.body.hint).toContain('X-Prefect-Worker-Name');
});

test('a list of pools with large job templates stops before a reply is too large', async () => {
  const names = Array.from({ length: 24 }, () => `large-${randomUUID()}`);
  const title = 'x'.repeat(280_000);
  const base_job_template = {
    job_configuration: { command: '{{ command }}' },
    variables: { properties: { command: { type: 'string', title } } },
  };
  for (const name of names) {
    const body = { name, type: 'process', base_job_template };
    expect(await post('/work_pools/', body)).toMatchObject({ status: 201 });
  }
  const found: string[] = [];
  for (let offset = 0; ; offset = found.length) {
    const work_pools = { name: { any_: names } };
    const page = await post('/work_pools/filter', { work_pools, offset });
    expect(page.status).toBe(200);
    if (page.body.length === 0) break;
    found.push(...page.body.map(({ name }: { name: string }) => name));
  }
  expect(found.toSorted()).toEqual(names.toSorted());
});

test('a run with everything as long as it may be goes on, pause after pause, to its end', async () => {
  const create = `/deployments/${work.deployment.id}/create_flow_run`;
  const tags = Array.from({ length: 100 }, (_, i) => `${i} ${LONG}`);
  const { body: run } = await post(create, { name: LONG, tags, idempotency_key: LONG });
  for (const type of ['PENDING', 'RUNNING']) await propose(run.id, { type });
  const run_input_keyset = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`${i}${LONG.slice(0, 90)}`, LONG.slice(0, 300)]),
  );
  for (let i = 0; i < 40; i++) {
    const state_details = {
      pause_key: `${i} ${LONG}`,
      cache_key: LONG,
      traceparent: LONG,
      run_input_keyset,
    };
    const paused = await propose(run.id, {
      type: 'PAUSED',
      name: LONG,
      message: LONG,
      state_details,
    });
    expect(paused, `pause ${i}`).toMatchObject({ status: 201, body: { status: 'ACCEPT' } });
    const again = await propose(run.id, {
      type: 'RUNNING',
      name: LONG,
      message: LONG,
      state_details,
    });
    expect(again, `resume ${i}`).toMatchObject({ status: 201, body: { status: 'ACCEPT' } });
  }
  expect((await propose(run.id, { type: 'COMPLETED' })).body.status).toBe('ACCEPT');
  const { body: states } = await get(`/flow_run_states/?flow_run_id=${run.id}`);
  expect(states).toHaveLength(3 + 80 + 1);
});

test('all states of a run are told, briefly where they are large, and what is left out is said', async () => {
  const id = await running();
  for (let i = 0; i < 6; i++) {
    const data = { type: 'literal', value: 'x'.repeat(1_000_000) };
    for (const type of ['PAUSED', 'RUNNING']) {
      expect(
        (await propose(id, { type, message: `${i} ${'m'.repeat(50_000)}`, data })).status,
      ).toBe(201);
    }
  }
  await propose(id, { type: 'FAILED', message: 'the end' });
  const { status, body: states } = await get(`/flow_run_states/?flow_run_id=${id}`);
  expect(status).toBe(200);
  expect(states).toHaveLength(3 + 12 + 1);
  expect(states.at(-1).message).toBe('the end');
  expect(states[4].message).toContain(`[cut: GET /api/flow_run_states/${states[4].id} has more`);
  const one = (await get(`/flow_run_states/${states[4].id}`)).body;
  expect(one.message).toHaveLength(50_002);
  expect(one.data.value).toHaveLength(1_000_000);
});

test('a database whose disk is full is unavailable, so that clients ask again', async () => {
  // What DynamoDB Local answers then.
  const full = createServer((_, response) => {
    response.writeHead(500, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      '{"__type":"com.amazonaws.dynamodb.v20120810#InternalFailure","message":"The request processing has failed because of an unknown error, exception or failure."}',
    );
  });
  await new Promise<void>((listening) => full.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(full.address() as AddressInfo).port}`;
  const other = await startTestStack({ table: { tableName: stack.tableName, endpoint } });
  onTestFinished(async () => {
    await other.stop();
    full.close();
  });
  const id = randomUUID();
  const body = { state: { type: 'COMPLETED' } };
  expect(await request(other, 'POST', `/flow_runs/${id}/set_state`, body)).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
  });
});
