import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isScheduled } from '../../model/runs/state.ts';
import { deploy } from '../../sdk/index.ts';
import { untilGone } from '../support/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { runAgent } from './agent-process.ts';
import { neverPauses, waitsForGate } from './flows.ts';
import { executionsFile, inFlows, newPool, until } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const pidOf = (line: string | undefined) => Number(line?.split(' ')[1]);

test('on SIGTERM an agent claims no more, lets its runs end, and exits with 0', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const { path } = executions;
  const gate = `${path}.gate`;
  const deployed = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
  const running = await deployed.run({ path, gate });
  const agent = runAgent(['--pool', pool, '--url', url, '--limit', '2']);
  expect(await agent.says(/polls pool/)).toMatch(
    new RegExp(`^agent \\S+ \\(session [0-9a-f-]{36}\\) polls pool ${pool}, up to 2 at once$`),
  );
  await until(() => executions.lines().length === 1);

  agent.child.kill('SIGTERM');
  await agent.says(/stopping once 1 run/);
  const waiting = await deployed.run({ path, gate });
  writeFileSync(gate, '');

  await expect(running.wait()).resolves.toBe('the gate is open');
  await expect(agent.ended).resolves.toBe(0);
  const read = await client.readFlowRun({ id: waiting.id });
  expect(isScheduled(read.state_type)).toBe(true);
  expect(executions.lines()).toHaveLength(1);
  const [worker] = await client.readWorkers({ name: pool });
  expect(worker).toMatchObject({ status: 'OFFLINE', holds: [] });
  expect(worker?.ended).not.toBeNull();
});

test('a second SIGTERM kills what runs, reports it as CRASHED, and exits with 1', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const deployed = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
  const run = await deployed.run({ path: executions.path });
  const agent = runAgent(['--pool', pool, '--url', url]);
  await until(() => executions.lines().length === 1);

  agent.child.kill('SIGTERM');
  await agent.says(/stopping once/);
  agent.child.kill('SIGTERM');

  await expect(agent.ended).resolves.toBe(1);
  await untilGone(pidOf(executions.lines()[0]));
  await expect(run.wait()).rejects.toMatchObject({
    stateType: 'CRASHED',
    stateMessage: 'The agent was stopped.',
  });
});

test('with --drain-seconds, what has not ended by then is given back, whole, and counts as no loss', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const { path } = executions;
  const gate = `${path}.gate`;
  const deployed = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
  const run = await deployed.run({ path, gate });
  const agent = runAgent(['--pool', pool, '--url', url, '--drain-seconds', '1']);
  await until(() => executions.lines().length === 1);

  agent.child.kill('SIGTERM');
  await agent.says(/given back: the agent had to stop/);
  await expect(agent.ended).resolves.toBe(0);
  await untilGone(pidOf(executions.lines()[0]));
  const read = await client.readFlowRun({ id: run.id });
  expect(isScheduled(read.state_type)).toBe(true);
  const [claim] = await client.readFlowRunClaims({ id: run.id });
  expect(claim).toMatchObject({ worker_name: expect.any(String), ended: expect.any(String) });

  writeFileSync(gate, '');
  await using other = runAgent(['--pool', pool, '--url', url]);
  await expect(run.wait()).resolves.toBe('the gate is open');
  expect(executions.lines()).toHaveLength(2);
  other.child.kill('SIGTERM');
});

test('with --drain-seconds, what ends in time has ended', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const { path } = executions;
  const gate = `${path}.gate`;
  const deployed = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
  const run = await deployed.run({ path, gate });
  const agent = runAgent(['--pool', pool, '--url', url, '--drain-seconds', '30']);
  await until(() => executions.lines().length === 1);
  agent.child.kill('SIGTERM');
  await agent.says(/stopping once 1 run/);
  writeFileSync(gate, '');
  await expect(run.wait()).resolves.toBe('the gate is open');
  await expect(agent.ended).resolves.toBe(0);
});

test('an idle agent stops at once, and says goodbye', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  const agent = runAgent(['--pool', pool, '--url', url, '--json']);
  expect(JSON.parse(await agent.stdout.next())).toMatchObject({ type: 'session_opened', pool });
  agent.child.kill('SIGINT');
  await expect(agent.ended).resolves.toBe(0);
  const [worker] = await client.readWorkers({ name: pool });
  expect(worker?.ended).not.toBeNull();
});

test('an agent that is killed leaves its run claimed, and no process behind', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const deployed = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
  const { id } = await deployed.run({ path: executions.path });
  const agent = runAgent(['--pool', pool, '--url', url]);
  const [, sessionId] = /session (\S+)\)/.exec(await agent.says(/polls pool/)) ?? [];
  await until(() => executions.lines().length === 1);

  agent.child.kill('SIGKILL');

  await expect(agent.ended).resolves.toBe('SIGKILL');
  await untilGone(pidOf(executions.lines()[0]));
  const read = await client.readFlowRun({ id });
  expect(read).toMatchObject({ state_type: 'RUNNING', claimed_by: { session_id: sessionId } });
});

test.each([
  [['--pool', 'nowhere'], /agent cannot start: .*nowhere/],
  [['--pool', 'a/b'], /agent cannot start: /],
])('an agent that cannot start says why and exits with 1: %o', async (args, told) => {
  const agent = runAgent([...args, '--url', stack.url]);
  await expect(agent.ended).resolves.toBe(1);
  expect(await agent.stderr.rest()).toMatch(told);
});

test('a limit that is no number is a usage error', async () => {
  const agent = runAgent(['--pool', 'p', '--limit', 'many']);
  await expect(agent.ended).resolves.toBe(2);
});
