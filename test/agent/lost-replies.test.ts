import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isCompleted } from '../../model/runs/state.ts';
import { deploy } from '../../sdk/index.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { counted, failsUntil, waitsForGate } from './flows.ts';
import { executionsFile, inFlows, newPool, startTestAgent } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test.concurrent.each([
  ['claim', /\/claim$/],
  ['set_state', /\/set_state$/],
  ['heartbeat', /\/heartbeat$/],
  ['logs', /\/logs\//],
  ['whatever', /./],
])(
  'replies to %s that are lost after their effect run nothing twice and lose nothing',
  async (_, path) => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using proxy = await startCuttingProxy(url);
    using executions = executionsFile();
    const deployed = await deploy(counted, inFlows(client, pool, 'counted'));
    const make = () => deployed.run({ path: executions.path });
    const runs = await Promise.all(Array.from({ length: 5 }, make));
    proxy.cut(path, 4);
    await using _agent = await startTestAgent({ url: proxy.url, pool, limit: 2 });
    await Promise.all(runs.map((run) => run.wait()));
    const executed = executions.lines().map((line) => line.split(' ')[0]);
    expect(executed.toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
    for (const { id } of runs) {
      const run = await client.readFlowRun({ id });
      expect(run).toMatchObject({ attempt: 1, run_count: 1, claimed_by: null });
      expect(isCompleted(run.state_type)).toBe(true);
    }
  },
);

test.concurrent('a retry whose grant was lost is taken once', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using proxy = await startCuttingProxy(url);
  using executions = executionsFile();
  const { path } = executions;
  await using agent = await startTestAgent({ url: proxy.url, pool });
  const deployed = await deploy(failsUntil, inFlows(client, pool, 'failsUntil'));
  const run = await deployed.run({ path, times: 2 });
  await agent.event('run_started');
  proxy.cut(/set_state/, 2);
  await expect(run.wait()).resolves.toBe(2);
  expect(executions.lines()).toHaveLength(2);
});

test.concurrent('while the server is away runs go on; the agent says so once, and once that it is back', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using proxy = await startCuttingProxy(url);
  using executions = executionsFile();
  const { path } = executions;
  const gate = `${path}.gate`;
  await using agent = await startTestAgent({ url: proxy.url, pool, limit: 2 });
  const deployed = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
  const run = await deployed.run({ path, gate });
  await agent.event('run_started');
  await proxy.down();
  await agent.event('away');
  writeFileSync(gate, '');
  await proxy.up();
  await expect(run.wait()).resolves.toBe('the gate is open');
  await agent.event('back');
  expect(executions.lines()).toHaveLength(1);
  const told = agent.events.filter(({ type }) => type === 'away' || type === 'back');
  expect(told.map(({ type }) => type)).toEqual(['away', 'back']);
});
