import { afterAll, beforeAll, expect, test } from 'vitest';
import { isScheduled } from '../../model/runs/state.ts';
import { deploy, RunFailedError } from '../../sdk/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { failsUntil, waitsForRetry } from './flows.ts';
import { executionsFile, inFlows, newPool, startTestAgent } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test('a flow that fails twice and has two retries completes, in one claim', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const deployed = await deploy(failsUntil, inFlows(client, pool, 'failsUntil'));
  const run = await deployed.run({ path: executions.path, times: 3 });
  await using _agent = await startTestAgent({ url, pool });
  await expect(run.wait()).resolves.toBe(3);
  expect(executions.lines()).toHaveLength(3);
  const read = await client.readFlowRun({ id: run.id });
  expect(read).toMatchObject({ run_count: 3, attempt: 1 });
  expect(read.empirical_policy).toMatchObject({ retries: 2, retry_delay: 0.1 });
});

test('when its retries are used up it has FAILED', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const deployed = await deploy(failsUntil, inFlows(client, pool, 'failsUntil'));
  const run = await deployed.run({ path: executions.path, times: 99 });
  await using _agent = await startTestAgent({ url, pool });
  await expect(run.wait()).rejects.toThrow(RunFailedError);
  expect(executions.lines()).toHaveLength(3);
});

test('an agent that stops gives back a run that waits for its retry', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const deployed = await deploy(waitsForRetry, inFlows(client, pool, 'waitsForRetry'));
  const { id } = await deployed.run({ path: executions.path });
  const { agent, event } = await startTestAgent({ url, pool });
  await event('run_retries');
  const waiting = await client.readFlowRun({ id });
  await agent.stop();
  const read = await client.readFlowRun({ id });
  expect(isScheduled(read.state_type)).toBe(true);
  expect(read).toMatchObject({
    state_name: 'AwaitingRetry',
    claimed_by: null,
    run_count: 1,
    next_scheduled_start_time: waiting.next_scheduled_start_time,
  });
});
