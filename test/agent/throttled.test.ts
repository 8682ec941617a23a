import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy } from '../../sdk/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { counted, talks } from './flows.ts';
import { proposed, startRelay } from './relay.ts';
import { executionsFile, inFlows, newPool, startTestAgent, until } from './test-agent.ts';

/** More tries than an agent makes when the server itself has a fault. */
const REFUSALS = 6;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test.concurrent('a run ends as it did, however often API Gateway answers 500 on its own', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using relay = await startRelay(url, {});
  using executions = executionsFile();
  await using agent = await startTestAgent({ url: relay.url, pool, random: () => 0 });
  const deployed = await deploy(counted, inFlows(client, pool, 'counted'));
  relay.throttles = /set_state$/;
  const run = await deployed.run({ path: executions.path });
  const all = () => relay.requests.filter(({ path }) => path.endsWith('/set_state'));
  await until(() => all().length === REFUSALS);
  relay.throttles = undefined;
  await agent.event('run_started');
  relay.throttles = /set_state$/;
  const before = all().length;
  await until(() => all().length >= before + REFUSALS);
  relay.throttles = undefined;
  await expect(run.wait()).resolves.toBeNull();
  expect(executions.lines()).toHaveLength(1);
  expect(new Set(proposed(relay, run.id, 1))).toEqual(new Set(['RUNNING', 'COMPLETED']));
});

test.concurrent('nor is a line of its logs dropped', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using relay = await startRelay(url, {});
  await using _agent = await startTestAgent({ url: relay.url, pool, random: () => 0 });
  const deployed = await deploy(talks, inFlows(client, pool, 'talks'));
  relay.throttles = /logs\/$/;
  const run = await deployed.run();
  await until(
    () => relay.requests.filter(({ path }) => path.endsWith('/logs/')).length === REFUSALS,
  );
  relay.throttles = undefined;
  await run.wait();
  await until(async () => {
    const body = { logs: { flow_run_id: { any_: [run.id] } } };
    return (await client.filterLogs({ body })).length === 4;
  });
});
