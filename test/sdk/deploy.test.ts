import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { isCompleted, isScheduled } from '../../model/runs/state.ts';
import { deploy, RunFailedError, WaitTimeoutError } from '../../sdk/index.ts';
import { greet, throws } from '../agent/flows.ts';
import { inFlows, newPool, startTestAgent } from '../agent/test-agent.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test('a flow is deployed, run by an agent, and its result comes back', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(greet, inFlows(client, pool, 'greet'));
  const run = await deployed.run({ name: 'Ada' }, { name: 'first', tags: ['test'] });
  await using _agent = await startTestAgent({ url, pool });
  await expect(run.wait()).resolves.toEqual({ greeting: 'hello Ada' });
  const read = await client.readFlowRun({ id: run.id });
  expect(read).toMatchObject({ name: 'first', run_count: 1, attempt: 1, claimed_by: null });
  expect(isCompleted(read.state_type)).toBe(true);
});

test('a parameter with a default at the deployment need not be given', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(greet, {
    ...inFlows(client, pool, 'greet'),
    parameters: { name: 'world' },
  });
  const run = await deployed.run({ loud: true });
  await using _agent = await startTestAgent({ url, pool });
  await expect(run.wait()).resolves.toEqual({ greeting: 'HELLO world' });
});

test('the deployment tells how to run the flow, and what it takes', async () => {
  const { client } = stack;
  const pool = await newPool(client);
  const { id } = await deploy(greet, { ...inFlows(client, pool, 'greet'), version: '7' });
  const deployment = await client.readDeployment({ id });
  expect(deployment).toMatchObject({
    entrypoint: 'flows.ts:greet',
    path: import.meta.dirname.replace(/sdk$/, 'agent'),
    version: '7',
    work_pool_name: pool,
    parameter_openapi_schema: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, loud: { type: 'boolean', default: false } },
    },
  });
});

test('parameters that do not fit the schema make no run', async () => {
  const { client } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(greet, inFlows(client, pool, 'greet'));
  await expect(deployed.run({ name: 1 } as never)).rejects.toMatchObject({ name: 'ApiError' });
});

test('waiting for a run that fails throws what it said', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(throws, inFlows(client, pool, 'throws'));
  const run = await deployed.run();
  await using _agent = await startTestAgent({ url, pool });
  const failure = await run.wait().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RunFailedError);
  expect(failure).toMatchObject({ runId: run.id, stateName: 'Failed' });
  expect((failure as Error).message).toContain('TypeError: that does not work');
});

test('waiting ends when its time is up, the run goes on waiting', async () => {
  const { client } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(greet, inFlows(client, pool, 'greet'));
  const run = await deployed.run({ name: 'nobody' });
  await expect(run.wait({ timeoutSeconds: 0.1 })).rejects.toThrow(WaitTimeoutError);
  const stopped = run.wait({ signal: AbortSignal.abort(new Error('never mind')) });
  await expect(stopped).rejects.toThrow('never mind');
  const read = await client.readFlowRun({ id: run.id });
  expect(isScheduled(read.state_type)).toBe(true);
});

test('a key makes one run however often it is asked for', async () => {
  const { client } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(greet, inFlows(client, pool, 'greet'));
  const first = await deployed.run({ name: 'x' }, { idempotencyKey: `order 4711 of ${pool}` });
  const second = await deployed.run({ name: 'y' }, { idempotencyKey: `order 4711 of ${pool}` });
  const third = await deployed.run({ name: 'x' });
  expect(second.id).toBe(first.id);
  expect(third.id).not.toBe(first.id);
});

test('replies that are lost make no second run, also without a key', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using proxy = await startCuttingProxy(url);
  const through = createClient({ url: proxy.url });
  const deployed = await deploy(greet, inFlows(through, pool, 'greet'));
  proxy.cut(/create_flow_run/, 2);
  const run = await deployed.run({ name: 'once' });
  expect(proxy.cuts).toBe(2);
  const runs = await client.filterFlowRuns({
    body: { flow_runs: { deployment_id: { any_: [deployed.id] } } },
  });
  expect(runs.map(({ id }) => id)).toEqual([run.id]);
});

test('a run can be scheduled for later', async () => {
  const { client } = stack;
  const pool = await newPool(client);
  const deployed = await deploy(greet, inFlows(client, pool, 'greet'));
  const run = await deployed.run(
    { name: 'x' },
    { scheduledTime: new Date('2040-01-01T00:00:00Z') },
  );
  const read = await client.readFlowRun({ id: run.id });
  expect(read.next_scheduled_start_time).toBe('2040-01-01T00:00:00.000000Z');
});
