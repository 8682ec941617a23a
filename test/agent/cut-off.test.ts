import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processMark } from '../../process/process-mark.ts';
import { deploy } from '../../sdk/index.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { untilGone } from '../support/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { neverPauses, waitsForGate } from './flows.ts';
import { openings, proposed, startRelay } from './relay.ts';
import { executionsFile, inFlows, newPool, startTestAgent, until } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

// Concurrent, because most of the time these tests wait for a lease to expire.
describe.concurrent('an agent whose server does not answer', () => {
  test('kills what it runs before its lease can lapse, reports nothing, and replaces its session', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using relay = await startRelay(url, { lease_seconds: 6, on_lease_loss: 'stop' });
    await using proxy = await startCuttingProxy(relay.url);
    using executions = executionsFile();
    const { path } = executions;
    await using agent = await startTestAgent({ url: proxy.url, pool });
    const { sessionId: former, name } = agent.agent;
    const deployed = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
    const { id } = await deployed.run({ path });
    await until(() => executions.lines().length === 1);

    await proxy.down();
    await untilGone(Number(executions.lines()[0]?.split(' ')[1]));
    const { sessionId, silentSeconds } = await agent.event('cut_off');
    expect(sessionId).toBe(former);
    expect(silentSeconds).toBeGreaterThanOrEqual(5);
    await agent.event('run_forgotten', ({ runId }) => runId === id);

    await proxy.up();
    await agent.event('session_opened', (opened) => opened.sessionId !== former);
    expect(agent.agent.name).toBe(name);
    expect(openings(relay)[1]).toMatchObject({ name, replaces: former });
    const workers = await client.readWorkers({ name: pool });
    expect(workers.find((worker) => worker.id === former)?.ended).toEqual(expect.any(String));
    expect(proposed(relay, id, 1)).toEqual(['RUNNING']);
    expect(agent.events.filter(({ type }) => type === 'run_finished')).toEqual([]);
  });

  test('lets its runs go on where the pool says keep, and reports their end', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using relay = await startRelay(url, { lease_seconds: 1.5, on_lease_loss: 'keep' });
    await using proxy = await startCuttingProxy(relay.url);
    using executions = executionsFile();
    const { path } = executions;
    const gate = `${path}.gate`;
    await using agent = await startTestAgent({ url: proxy.url, pool });
    const deployed = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
    const run = await deployed.run({ path, gate });
    await until(() => executions.lines().length === 1);

    await proxy.down();
    await delay(3_000);
    expect(processMark(Number(executions.lines()[0]?.split(' ')[1]))).toBeDefined();
    writeFileSync(gate, '');
    await proxy.up();

    await expect(run.wait()).resolves.toBe('the gate is open');
    expect(openings(relay)).toHaveLength(1);
    expect(agent.events.map(({ type }) => type)).not.toContain('cut_off');
    expect(executions.lines()).toHaveLength(1);
  });
});

test('an agent whose heartbeats hang keeps its lease by others that do not', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using relay = await startRelay(url, { lease_seconds: 6, on_lease_loss: 'stop' });
  await using agent = await startTestAgent({ url: relay.url, pool });
  const beats = () => relay.requests.filter(({ path }) => path.endsWith('/heartbeat')).length;
  // The first three tries of each renewal are lost silently.
  for (let renewals = 0; renewals < 4; renewals++) {
    const held = [1, 2, 3].map(() => relay.hold(/heartbeat$/));
    await Promise.all(held.map(({ arrived }) => arrived));
    const before = beats();
    await until(() => beats() > before);
    for (const { release } of held) release();
  }
  expect(agent.events.filter(({ type }) => type === 'cut_off')).toEqual([]);
});

test('an agent renews a lease whose length is no multiple of three', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  await using relay = await startRelay(url, { lease_seconds: 4, on_lease_loss: 'stop' });
  await using agent = await startTestAgent({ url: relay.url, pool });
  const heartbeats = () => relay.requests.filter(({ path }) => path.endsWith('/heartbeat'));
  await until(() => heartbeats().length >= 5);
  expect(agent.events.map(({ type }) => type)).toEqual(['session_opened']);
});
