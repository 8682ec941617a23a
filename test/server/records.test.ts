import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const { post } = requestsTo(() => stack);

test('parameters are checked against the schema of the deployment: 409 says what is wrong', async () => {
  const deployment = await stack.client.createDeployment({
    body: {
      name: 'checked',
      flow_id: work.flow.id,
      work_pool_name: work.pool,
      parameter_openapi_schema: {
        type: 'object',
        properties: { n: { type: 'integer' } },
        required: ['n'],
      },
    },
  });
  const path = `/deployments/${deployment.id}/create_flow_run`;
  for (const parameters of [{}, { n: 'three' }]) {
    const { status, body } = await post(path, { parameters });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'parameters_invalid',
      detail: expect.stringContaining('n'),
    });
  }
  expect((await post(path, { parameters: { n: 3 } })).status).toBe(201);
  expect((await post(path, { enforce_parameter_schema: false })).status).toBe(201);
});

test("job variables are held against the pool's template: 422 at the deployment and at the run", async () => {
  const { client } = stack;
  const { flow } = await createWork(client);
  const pool = `templated-${randomUUID()}`;
  await client.createWorkPool({
    body: {
      name: pool,
      type: 'process',
      base_job_template: {
        job_configuration: { command: '{{ command }}', cpus: '{{ cpus }}' },
        variables: {
          type: 'object',
          properties: { command: { type: 'string' }, cpus: { type: 'integer', default: 1 } },
          required: ['command', 'cpus'],
        },
      },
    },
  });
  const deploy = (job_variables: object) =>
    client.createDeployment({
      body: {
        name: 'd',
        flow_id: flow.id,
        work_pool_name: pool,
        job_variables: { ...job_variables },
      },
    });
  const refused = { status: 422, code: 'job_variables_invalid' };
  await expect(deploy({ cpus: 'many' })).rejects.toMatchObject(refused);
  const { id } = await deploy({ cpus: 2 });
  const run = (job_variables: object) =>
    client.createFlowRunFromDeployment({ id, body: { job_variables: { ...job_variables } } });
  await expect(run({})).rejects.toMatchObject(refused);
  expect((await run({ command: 'true' })).job_variables).toEqual({ command: 'true' });
});

test('a filter that is not known is refused, and null is no filter', async () => {
  const { client } = stack;
  const { flow, deployment } = await createWork(client);
  const [id] = await createRuns(client, deployment.id, 1);
  const named = await client.filterFlowRuns({
    body: { flows: { name: { any_: [flow.name], like_: null } }, work_pools: null },
  });
  expect(named.map((run) => run.id)).toEqual([id]);
  expect(
    await client.filterFlowRuns({ body: { flows: { name: { any_: ['no such flow'] } } } }),
  ).toEqual([]);
  for (const body of [
    { work_pools: { status: { any_: ['READY'] } } },
    { flow_runs: { tag: { all_: ['x'] } } },
  ]) {
    expect((await post('/flow_runs/filter', body)).status).toBe(422);
  }
});

test('overwriting a deployment, many at once, counts every generation', async () => {
  const { client, context } = stack;
  const { pool, flow, deployment } = await createWork(client);
  const again = () =>
    client.createDeployment({ body: { name: 'd', flow_id: flow.id, work_pool_name: pool } });
  await Promise.all(Array.from({ length: 5 }, again));
  const [stored] = await context.store.readDeployments([deployment.id]);
  expect(stored?.generation).toBe(6);
});

test('two changes of a queue at once are both kept', async () => {
  const { client } = stack;
  const { pool } = await createWork(client);
  const change = (body: { is_paused?: boolean; description?: string }) =>
    client.updateWorkQueue({ name: pool, queue: 'default', body });
  await Promise.all([change({ is_paused: true }), change({ description: 'both' })]);
  expect(await client.readWorkQueue({ name: pool, queue: 'default' })).toMatchObject({
    is_paused: true,
    description: 'both',
  });
});

test('labels of a flow, a deployment and a run come back, over the ones that follow from ids', async () => {
  const { client } = stack;
  const { pool } = await createWork(client);
  const flow = await client.createFlow({ body: { name: `labelled-${pool}`, labels: { a: 1 } } });
  expect(flow.labels).toEqual({ a: 1 });
  const deployment = await client.createDeployment({
    body: { name: 'd', flow_id: flow.id, work_pool_name: pool, labels: { b: 2 } },
  });
  expect(deployment.labels).toEqual({ 'prefect.flow.id': flow.id, a: 1, b: 2 });
  const run = await client.createFlowRunFromDeployment({
    id: deployment.id,
    body: { labels: { c: 3 } },
  });
  expect(run.labels).toEqual({
    'prefect.flow.id': flow.id,
    'prefect.deployment.id': deployment.id,
    a: 1,
    b: 2,
    c: 3,
  });
});
