import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRunOfDeployment } from '../../core/runs/create-run.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const post = (path: string, body: unknown) => request(stack, 'POST', path, body);
const patch = (path: string, body: unknown) => request(stack, 'PATCH', path, body);
const get = async (path: string) => (await request(stack, 'GET', path)).body;

const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a', 'b'] };
const TEMPLATE = {
  job_configuration: { cpus: '{{ cpus }}' },
  variables: { type: 'object', properties: { cpus: { type: 'integer' } } },
};

/** All that Prefect's deploy sends, and some more. */
const FULL = {
  version: '1',
  version_info: { type: 'prefect:simple', version: 'v9', extra: 1 },
  description: 'x',
  paused: true,
  schedules: [],
  concurrency_limit: 3,
  concurrency_options: { collision_strategy: 'CANCEL_NEW' },
  parameters: { a: 1 },
  tags: ['t'],
  labels: { l: 'v' },
  job_variables: { cpus: 1 },
  parameter_openapi_schema: SCHEMA,
  enforce_parameter_schema: true,
  path: 'p',
  entrypoint: 'flows.py:f',
  pull_steps: [{ step: {} }],
};

async function flowAndPool() {
  const name = randomUUID();
  const flow = (await post('/flows/', { name: `flow-${name}`, labels: { of: 'flow' } })).body;
  const pool = `pool-${name}`;
  await post('/work_pools/', { name: pool, type: 'process', base_job_template: TEMPLATE });
  return { flow, pool };
}

async function deployed(more: object = {}) {
  const { flow, pool } = await flowAndPool();
  const body = { name: 'd', flow_id: flow.id, work_pool_name: pool, ...more };
  const made = await post('/deployments/', body);
  expect(made.status).toBe(201);
  return { flow, pool, deployment: made.body, at: `/deployments/${made.body.id}` };
}

describe('a deployment that is created', () => {
  test('has all that was said of it, and what follows from its flow and its limit', async () => {
    const { flow, pool, deployment } = await deployed({ ...FULL, work_queue_name: 'q1' });
    const { version_info: _, concurrency_limit: __, labels: ___, ...told } = FULL;
    expect(deployment).toMatchObject({
      ...told,
      flow_id: flow.id,
      work_pool_name: pool,
      work_queue_name: 'q1',
      labels: { of: 'flow', 'prefect.flow.id': flow.id, l: 'v' },
      concurrency_limit: null,
      concurrency_options: { collision_strategy: 'CANCEL_NEW', grace_period_seconds: null },
      global_concurrency_limit: {
        name: `deployment:${deployment.id}`,
        limit: 3,
        active: true,
        active_slots: 0,
        slot_decay_per_second: 0,
      },
      status: 'NOT_READY',
      storage_document_id: null,
      infrastructure_document_id: null,
    });
    expect(await get(`/deployments/${deployment.id}`)).toEqual(deployment);
    expect(await get(`/deployments/name/${flow.name}/d`)).toEqual(deployment);
  });

  test('of a name alone has defaults, and no pool', async () => {
    const { flow } = await flowAndPool();
    const { body } = await post('/deployments/', { name: 'bare', flow_id: flow.id });
    expect(body).toMatchObject({
      paused: false,
      parameters: {},
      parameter_openapi_schema: {},
      enforce_parameter_schema: true,
      job_variables: {},
      tags: [],
      pull_steps: [],
      work_pool_name: null,
      work_queue_id: null,
      concurrency_options: null,
      global_concurrency_limit: null,
    });
  });

  test('again keeps what is left out, but for parameters and labels: 200', async () => {
    const { flow, pool, deployment } = await deployed({ ...FULL, work_queue_name: 'q1' });
    const again = await post('/deployments/', { name: 'd', flow_id: flow.id });
    expect(again.status).toBe(200);
    expect(again.body).toEqual({
      ...deployment,
      parameters: {},
      labels: { of: 'flow', 'prefect.flow.id': flow.id },
      updated: again.body.updated,
      global_concurrency_limit: {
        ...deployment.global_concurrency_limit,
        updated: again.body.updated,
      },
    });
    const nulls = { description: null, concurrency_limit: null, concurrency_options: null };
    const body = { name: 'd', flow_id: flow.id, work_pool_name: null, pull_steps: null, ...nulls };
    expect((await post('/deployments/', body)).body).toMatchObject({
      description: null,
      pull_steps: null,
      concurrency_options: null,
      global_concurrency_limit: null,
      work_pool_name: pool,
      work_queue_name: 'q1',
      entrypoint: 'flows.py:f',
    });
  });

  test('with keys of before Prefect 3 is one of today', async () => {
    const { flow, pool } = await flowAndPool();
    const { status, body } = await post('/deployments/', {
      name: 'old',
      flow_id: flow.id,
      work_pool_name: pool,
      worker_pool_queue_id: 'x',
      worker_pool_name: 'x',
      worker_pool_queue_name: 'x',
      work_pool_queue_name: 'x',
      manifest_path: null,
      schedule: null,
      infra_overrides: { cpus: 2 },
      is_schedule_active: false,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ job_variables: { cpus: 2 }, paused: true });
  });

  test('by its queue alone is in default-agent-pool, which many at once create once', async () => {
    const { flow } = await flowAndPool();
    const all = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        post('/deployments/', { name, flow_id: flow.id, work_queue_name: 'lonely' }),
      ),
    );
    const ids = new Set(all.map(({ body }) => body.work_queue_id));
    expect(all.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(ids.size).toBe(1);
    expect(all[0]?.body).toMatchObject({
      work_pool_name: 'default-agent-pool',
      work_queue_name: 'lonely',
    });
    expect(await get('/work_pools/default-agent-pool')).toMatchObject({ type: 'prefect-agent' });
    const named = { name: 'n', flow_id: flow.id, work_pool_name: 'default-agent-pool' };
    expect((await post('/deployments/', named)).body).toMatchObject({ work_queue_name: 'default' });
  });

  test('keeps its JSON as it was sent, and may have any name a key can have', async () => {
    const { flow, pool } = await flowAndPool();
    const name = 'ünïcode #1 + 100 = "x" \\ 🙂';
    const sent = `{"name":${JSON.stringify(name)},"flow_id":"${flow.id}","work_pool_name":"${pool}","parameters":{"z":1.0,"a":12345678901234567890}}`;
    expect((await post('/deployments/', sent)).status).toBe(201);
    const path = `/deployments/name/${encodeURIComponent(flow.name)}/${encodeURIComponent(name)}`;
    const text = await (await fetch(stack.url + path)).text();
    expect(text).toContain('"parameters":{"z":1.0,"a":12345678901234567890}');
    expect(JSON.parse(text)).toMatchObject({ name });
  });
});

describe('a deployment that is changed', () => {
  test('has the given fields changed, and no others', async () => {
    const { at, deployment } = await deployed({ ...FULL, work_queue_name: 'q1' });
    expect((await patch(at, {})).status).toBe(204);
    const { updated, ...same } = deployment;
    expect(await get(at)).toMatchObject({
      ...same,
      global_concurrency_limit: { ...same.global_concurrency_limit, updated: expect.any(String) },
    });
    const change = {
      tags: ['n'],
      description: null,
      version: '2',
      paused: false,
      parameters: { a: 2 },
      entrypoint: 'e',
      path: null,
      pull_steps: null,
      concurrency_options: { collision_strategy: 'ENQUEUE', grace_period_seconds: 100 },
    };
    expect((await patch(at, change)).status).toBe(204);
    expect(await get(at)).toMatchObject({
      ...change,
      work_queue_name: 'q1',
      job_variables: { cpus: 1 },
    });
  });

  test('moves to the pool and the queue that are given, and out of its pool with null', async () => {
    const { at, pool } = await deployed();
    const other = (await flowAndPool()).pool;
    const place = async (change: object) => {
      expect((await patch(at, change)).status).toBe(204);
      const { work_pool_name: in_, work_queue_name: queue } = await get(at);
      return [in_, queue];
    };
    expect(await place({ work_queue_name: 'q2' })).toEqual([pool, 'q2']);
    expect(await place({ work_pool_name: other })).toEqual([other, 'default']);
    expect(await place({ work_pool_name: pool, work_queue_name: 'q3' })).toEqual([pool, 'q3']);
    expect(await place({ work_pool_name: null })).toEqual([null, null]);
    expect(await place({ work_queue_name: 'q4' })).toEqual(['default-agent-pool', 'q4']);
  });

  test('is held to its schema, though nothing is required: 409, and nothing changes', async () => {
    const { at } = await deployed({ parameter_openapi_schema: SCHEMA, parameters: { a: 1 } });
    for (const change of [
      { parameters: { a: 'x' } },
      { parameter_openapi_schema: { properties: { a: { type: 'string' } } } },
    ]) {
      const { status, body } = await patch(at, change);
      expect([status, body.code]).toEqual([409, 'parameters_invalid']);
    }
    expect(await get(at)).toMatchObject({ parameters: { a: 1 }, parameter_openapi_schema: SCHEMA });
    expect((await patch(at, { parameters: {} })).status).toBe(204);
    const unchecked = { parameters: { a: 'x' }, enforce_parameter_schema: false };
    expect((await patch(at, unchecked)).status).toBe(204);
    expect((await patch(at, { description: 'as it is' })).status).toBe(204);
    expect((await patch(at, { enforce_parameter_schema: true })).status).toBe(409);
  });

  test('is paused and resumed', async () => {
    const { at } = await deployed();
    expect(await post(`${at}/pause_deployment`, undefined)).toEqual({ status: 200, body: null });
    expect((await get(at)).paused).toBe(true);
    expect(await post(`${at}/resume_deployment`, undefined)).toEqual({ status: 200, body: null });
    expect((await get(at)).paused).toBe(false);
  });

  test('by many at once keeps every change', async () => {
    const { at } = await deployed();
    const changes = [{ tags: ['n'] }, { description: 'x' }, { paused: true }, { version: '7' }];
    const all = await Promise.all(changes.map((change) => patch(at, change)));
    expect(all.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect(await get(at)).toMatchObject(Object.assign({}, ...changes));
  });

  test('a limit that is changed, and removed, is the one that holds', async () => {
    const { at, deployment, pool } = await deployed({ concurrency_limit: 1 });
    const agent = await openSession(stack.client, pool);
    await createRuns(stack.client, deployment.id, 3);
    const taken = async () =>
      (await claimRuns(stack.client, pool, agent, { limit: 3 })).runs.length;
    expect(await taken()).toBe(1);
    expect((await patch(at, { concurrency_limit: 2 })).status).toBe(204);
    expect((await get(at)).global_concurrency_limit).toMatchObject({ limit: 2, active_slots: 1 });
    expect(await taken()).toBe(1);
    expect((await patch(at, { concurrency_limit: null })).status).toBe(204);
    expect((await get(at)).global_concurrency_limit).toBeNull();
    await expect.poll(taken, { timeout: 15_000 }).toBe(1);
  });
});

describe('a deployment that is deleted', () => {
  test('frees its name for a new one', async () => {
    const { at, deployment, flow } = await deployed(FULL);
    expect((await request(stack, 'DELETE', at)).status).toBe(204);
    expect((await request(stack, 'DELETE', at)).status).toBe(404);
    expect((await get(at)).code).toBe('deployment_not_found');
    expect((await get(`/deployments/name/${flow.name}/d`)).code).toBe('deployment_not_found');
    expect((await post(`${at}/create_flow_run`, {})).status).toBe(404);
    const again = await post('/deployments/', { name: 'd', flow_id: flow.id });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ tags: [], version: null, global_concurrency_limit: null });
    expect(again.body.id).not.toBe(deployment.id);
  });

  test('has its waiting runs cancelled; who holds one ends it; all stay on record', async () => {
    const { client } = stack;
    const { deployment, pool } = await createWork(client);
    const agent = await openSession(client, pool);
    const waiting = await createRuns(client, deployment.id, 30);
    const [held] = (await claimRuns(client, pool, agent)).runs;
    if (!held) throw new Error('nothing was claimed');
    await client.deleteDeployment({ id: deployment.id });
    const states = await Promise.all(waiting.map((id) => client.readFlowRun({ id })));
    const told = states.map(({ id, state_type, state }) => [
      state_type,
      id === held.flow_run.id ? null : state?.message,
    ]);
    expect(new Set(told.map(String))).toEqual(
      new Set(['PENDING,', 'CANCELLED,Its deployment was deleted.']),
    );
    expect((await claimRuns(client, pool, agent, { limit: 50 })).runs).toEqual([]);
    expect(await propose(client, held, 'RUNNING')).toMatchObject({ status: 'ACCEPT' });
    expect(await propose(client, held, 'COMPLETED')).toMatchObject({ status: 'ACCEPT' });
    expect((await client.readFlowRun({ id: held.flow_run.id })).deployment_id).toBe(deployment.id);
  });

  test('has runs cancelled, too, that are created while it is deleted', async () => {
    let meanwhile = async (): Promise<unknown> => undefined;
    const { tableName, endpoint } = stack;
    const other = await startTestStack({
      table: { tableName, endpoint },
      wrapStore: (store) => ({
        ...store,
        deleteDeployment: async (...given) => {
          const done = await store.deleteDeployment(...given);
          await meanwhile();
          return done;
        },
      }),
    });
    try {
      const { client, context } = other;
      const { deployment } = await createWork(client);
      const [record] = await context.store.readDeployments([deployment.id]);
      if (!record) throw new Error('it is gone');
      const late: string[] = [];
      // Who has read the deployment before it was deleted creates a run of it.
      meanwhile = async () => late.push((await createRunOfDeployment(context, record, {})).run.id);
      await client.deleteDeployment({ id: deployment.id });
      const [id = ''] = late;
      expect((await client.readFlowRun({ id })).state_type).toBe('CANCELLED');
    } finally {
      await other.stop();
    }
  });

  test('with a limit ends that, and its holder frees its slot all the same', async () => {
    const { client } = stack;
    const { at, deployment, pool } = await deployed({ concurrency_limit: 1 });
    const agent = await openSession(client, pool);
    await createRuns(client, deployment.id, 2);
    const [held] = (await claimRuns(client, pool, agent)).runs;
    if (!held) throw new Error('nothing was claimed');
    expect((await request(stack, 'DELETE', at)).status).toBe(204);
    await propose(client, held, 'RUNNING');
    expect(await propose(client, held, 'COMPLETED')).toMatchObject({ status: 'ACCEPT' });
    const left = await stack.context.store.readSlots({ kind: 'deployment', id: deployment.id });
    expect(left).toMatchObject({ limit: { limit: null }, held: [] });
  });

  test('while it is created again, many times at once, is there once or not at all', async () => {
    const { flow, at } = await deployed();
    const body = { name: 'd', flow_id: flow.id };
    const all = await Promise.all([
      request(stack, 'DELETE', at),
      ...Array.from({ length: 4 }, () => post('/deployments/', body)),
    ]);
    expect(all.slice(1).every(({ status }) => status === 200 || status === 201)).toBe(true);
    const listed = await post('/deployments/filter', { flows: { id: { any_: [flow.id] } } });
    expect(listed.body.length).toBeLessThanOrEqual(1);
  });
});

describe('a run of a deployment', () => {
  test('has the tags and labels of both, in a queue that is made for it', async () => {
    const { at, flow, deployment } = await deployed({ tags: ['t'], labels: { l: 1 } });
    const { status, body } = await post(`${at}/create_flow_run`, {
      tags: ['u', 't'],
      labels: { m: 2 },
      work_queue_name: 'made for it',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ tags: ['t', 'u'], work_queue_name: 'made for it' });
    expect(body.labels).toEqual({
      'prefect.flow.id': flow.id,
      'prefect.deployment.id': deployment.id,
      of: 'flow',
      l: 1,
      m: 2,
    });
  });

  test('is created while the deployment is paused, and once per key: 200', async () => {
    const { at } = await deployed({ paused: true });
    const first = await post(`${at}/create_flow_run`, { idempotency_key: 'k' });
    const second = await post(`${at}/create_flow_run`, { idempotency_key: 'k', tags: ['new'] });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toMatchObject({ id: first.body.id, tags: [] });
  });

  test('of many at once is created or refused by itself', async () => {
    const { at } = await deployed({
      parameter_openapi_schema: { properties: { a: { type: 'integer' } } },
    });
    const bulk = `${at}/create_flow_run/bulk`;
    const sent =
      '[{"parameters":{"a":12345678901234567890}},{"parameters":{"a":"x"}},{"job_variables":{"cpus":"y"}},' +
      '{"idempotency_key":"k"},{"idempotency_key":"k"},{"work_queue_name":"q"}]';
    const { status, body } = await post(bulk, sent);
    expect(status).toBe(200);
    const results = body.results as { flow_run_id: string; status: string; error: string | null }[];
    expect(results.map((one) => one.status)).toEqual([
      'CREATED',
      'FAILED',
      'FAILED',
      'CREATED',
      'CREATED',
      'CREATED',
    ]);
    expect(results[1]).toMatchObject({ flow_run_id: null, error: expect.stringContaining('a') });
    expect(results[3]?.flow_run_id).toBe(results[4]?.flow_run_id);
    const run = await fetch(`${stack.url}/flow_runs/${results[0]?.flow_run_id}`);
    expect(await run.text()).toContain('"parameters":{"a":12345678901234567890}');
    expect(await post(bulk, [])).toEqual({ status: 200, body: { results: [] } });
    const tooMany = await post(
      bulk,
      Array.from({ length: 101 }, () => ({})),
    );
    expect([tooMany.status, tooMany.body.code]).toEqual([400, 'too_many_runs']);
    expect((await post(bulk, [{ bad: 1 }])).status).toBe(422);
    const nowhere = await post(`/deployments/${randomUUID()}/create_flow_run/bulk`, []);
    expect(nowhere.status).toBe(404);
  });
});

describe('what is wrong with a deployment is said', () => {
  const ID = '5f3c1f5e-0f6b-4c56-8a0a-2f0b9a3d7f10';
  const bad: [string, object, number, string][] = [
    ['an unknown pool', { work_pool_name: 'nope' }, 404, 'work_pool_not_found'],
    ['an unknown flow', { flow_id: ID }, 409, 'flow_missing'],
    ['job variables', { job_variables: { cpus: 'x' } }, 422, 'job_variables_invalid'],
    [
      'parameters, where it is to enforce its schema',
      { parameters: { a: 'x' }, parameter_openapi_schema: SCHEMA, enforce_parameter_schema: true },
      422,
      'invalid_request',
    ],
    ['an infrastructure block', { infrastructure_document_id: ID }, 409, 'block_missing'],
    ['a storage block', { storage_document_id: ID }, 409, 'block_missing'],
    ['a shared limit', { global_concurrency_limit_id: ID }, 404, 'concurrency_limit_not_found'],
    [
      'a shared limit beside its own',
      { global_concurrency_limit_id: ID, concurrency_limit: 1 },
      422,
      'invalid_request',
    ],
    ['a schedule of no rule', { schedules: [{ schedule: {} }] }, 422, 'invalid_request'],
    ['a limit of 0', { concurrency_limit: 0 }, 422, 'invalid_request'],
    [
      'a grace period',
      { concurrency_options: { collision_strategy: 'ENQUEUE', grace_period_seconds: 5 } },
      422,
      'invalid_request',
    ],
    ['an unknown key', { nonsense: 1 }, 422, 'invalid_request'],
    ['a name', { name: 'a/b' }, 422, 'invalid_request'],
    ['its size', { parameters: { a: 'x'.repeat(310_000) } }, 422, 'payload_too_large'],
  ];
  test.each(bad)('%s, when it is created', async (_, more, status, code) => {
    const { flow, pool } = await flowAndPool();
    const body = { name: 'd', flow_id: flow.id, work_pool_name: pool, ...more };
    const answer = await post('/deployments/', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await get(`/deployments/name/${flow.name}/d`)).code).toBe('deployment_not_found');
  });

  // Its job variables are looked at again with each run.
  const fixed = new Set(['flow_id', 'name', 'job_variables']);
  const changes = bad.filter(([, more]) => !Object.keys(more).some((key) => fixed.has(key)));
  test.each(changes)('%s, when it is changed', async (_, more, status, code) => {
    const { at, deployment } = await deployed();
    const answer = await patch(at, more);
    // Prefect's own: 422 for a deployment that is made, 409 for one that is changed.
    const expected =
      'enforce_parameter_schema' in more ? [409, 'parameters_invalid'] : [status, code];
    expect([answer.status, answer.body.code]).toEqual(expected);
    expect(await get(at)).toEqual(deployment);
  });

  test.each([{ name: 'new' }, { flow_id: ID }, { labels: {} }])(
    'a change of what cannot be changed: %j',
    async (change) => {
      const { at } = await deployed();
      expect((await patch(at, change)).status).toBe(422);
    },
  );

  test('a deployment that is not there, by every route', async () => {
    const at = `/deployments/${randomUUID()}`;
    const answers = await Promise.all([
      patch(at, {}),
      request(stack, 'DELETE', at),
      post(`${at}/pause_deployment`, undefined),
      post(`${at}/resume_deployment`, undefined),
      request(stack, 'GET', `${at}/schedules`),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([404, 'deployment_not_found']);
    }
  });
});
