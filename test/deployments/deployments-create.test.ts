import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { deployer, FULL } from './deployer.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post } = requestsTo(() => stack);
const { deployed, flowAndPool } = deployer(() => stack);

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
    expect((await get(`/deployments/${deployment.id}`)).body).toEqual(deployment);
    expect((await get(`/deployments/name/${flow.name}/d`)).body).toEqual(deployment);
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
    expect((await get('/work_pools/default-agent-pool')).body).toMatchObject({
      type: 'prefect-agent',
    });
    const named = { name: 'n', flow_id: flow.id, work_pool_name: 'default-agent-pool' };
    expect((await post('/deployments/', named)).body).toMatchObject({ work_queue_name: 'default' });
  });

  test('keeps its JSON as it was sent, and may have any name a key can have', async () => {
    const { flow, pool } = await flowAndPool();
    const name = 'ünïcode #1 + 100 = "x" \\ 🙂';
    const sent = `{"name":${JSON.stringify(name)},"flow_id":"${flow.id}","work_pool_name":"${pool}","parameters":{"z":1.0,"a":12345678901234567890}}`;
    expect((await post('/deployments/', sent)).status).toBe(201);
    const path = `/deployments/name/${encodeURIComponent(flow.name)}/${encodeURIComponent(name)}`;
    const text = (await exchange(stack, 'GET', path)).text;
    expect(text).toContain('"parameters":{"z":1.0,"a":12345678901234567890}');
    expect(JSON.parse(text)).toMatchObject({ name });
  });
});
