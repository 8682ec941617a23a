import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy } from '../../sdk/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { counted, waitsForGate } from './flows.ts';
import { startRelay } from './relay.ts';
import { executionsFile, inFlows, newPool, startTestAgent, until } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test('a drained agent claims nothing more until it is not, and what it runs goes on', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using relay = await startRelay(url, { lease_seconds: 6 });
  using executions = executionsFile();
  const { path } = executions;
  const gate = `${path}.gate`;
  await using agent = await startTestAgent({ url: relay.url, pool, limit: 2 });
  const gated = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
  const simple = await deploy(counted, inFlows(client, pool, 'counted'));
  const running = await gated.run({ path, gate });
  await until(() => executions.lines().length === 1);

  relay.says = { ...relay.says, draining: true };
  await agent.event('drained');
  let seen = relay.requests.length;
  const since = (path: RegExp) => relay.requests.slice(seen).filter((one) => path.test(one.path));
  // By now, claims that were in progress then have been answered.
  await until(() => since(/heartbeat$/).length > 0);
  seen = relay.requests.length;
  const waiting = await simple.run({ path });
  writeFileSync(gate, '');
  await expect(running.wait()).resolves.toBe('the gate is open');
  await until(() => since(/heartbeat$/).length >= 3);
  expect(since(/claim$/)).toEqual([]);

  relay.says = { ...relay.says, draining: false };
  await waiting.wait();
  expect(executions.lines()).toHaveLength(2);
  const told = agent.events.map(({ type }) => type).filter((type) => type.endsWith('drained'));
  expect(told).toEqual(['drained', 'undrained']);
});

test('an agent whose pool is deleted finishes what it runs, and serves the next pool of that name', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  // It sends a heartbeat every 2 s.
  await using relay = await startRelay(url, { lease_seconds: 6 });
  using executions = executionsFile();
  const { path } = executions;
  const gate = `${path}.gate`;
  await using agent = await startTestAgent({ url: relay.url, pool });
  const gated = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
  const running = await gated.run({ path, gate });
  await until(() => executions.lines().length === 1);

  await client.deleteWorkPool({ name: pool });
  await agent.event('drained');
  await client.createWorkPool({ body: { name: pool, type: 'process' } });
  writeFileSync(gate, '');
  await expect(running.wait()).resolves.toBe('the gate is open');

  await agent.event('session_lost');
  const again = await deploy(counted, inFlows(client, pool, 'counted'));
  await (await again.run({ path })).wait();
  expect(executions.lines()).toHaveLength(2);
});
