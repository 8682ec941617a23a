import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy } from '../../sdk/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { failure, startEcsEndpoint } from './ecs-endpoint.ts';
import { waitsForGate } from './flows.ts';
import { startRelay } from './relay.ts';
import { executionsFile, inFlows, newPool, startTestAgent, until } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test('an agent whose task is to go finishes what it runs and claims nothing more', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using ecs = await startEcsEndpoint();
  ecs.refuses = failure('DEPLOYMENT_BLOCKED');
  // It sends a heartbeat every 2 s.
  await using relay = await startRelay(url, { lease_seconds: 6 });
  using executions = executionsFile();
  const { path } = executions;
  const gate = `${path}.gate`;
  await using agent = await startTestAgent({
    url: relay.url,
    pool,
    limit: 2,
    ecsAgentUri: ecs.uri,
  });
  const gated = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
  const running = await gated.run({ path, gate });
  await agent.event('makes_way');
  let seen = relay.requests.length;
  const since = (what: RegExp) => relay.requests.slice(seen).filter((one) => what.test(one.path));
  // By now, claims that were in progress then have been answered.
  await until(() => since(/heartbeat$/).length > 0);
  seen = relay.requests.length;
  const waiting = await gated.run({ path, gate });
  writeFileSync(gate, '');
  await expect(running.wait()).resolves.toBe('the gate is open');
  await until(() => since(/heartbeat$/).length >= 3);
  expect(since(/claim$/)).toEqual([]);
  expect(await client.readFlowRun({ id: waiting.id })).toMatchObject({ claimed_by: null });
  expect(ecs.told.at(-1)?.state).toEqual({ ProtectionEnabled: false });
});
