import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../agent/events.ts';
import { deploy } from '../../sdk/index.ts';
import { untilGone } from '../support/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { type AgentProcess, runAgent } from './agent-process.ts';
import { counted, neverPauses, waitsForGate } from './flows.ts';
import { openings, proposed, startRelay } from './relay.ts';
import { executionsFile, inFlows, newPool, until } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const LEASE_SECONDS = 4;
const says = { lease_seconds: LEASE_SECONDS, on_lease_loss: 'stop' as const };

/** Waits for longer than the lease, whenever it was last renewed. */
const pastTheLease = () => delay(LEASE_SECONDS * 1_000);

/** The agent's events from now until it opens its next session. */
async function untilReopened({ stdout }: AgentProcess): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  while (events.at(-1)?.type !== 'session_opened') events.push(JSON.parse(await stdout.next()));
  return events;
}

const pidOf = (line: string | undefined) => Number(line?.split(' ')[1]);

describe.concurrent('an agent that was frozen until its lease was over', () => {
  test('kills what still runs and reports nothing, not even what ended meanwhile', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using relay = await startRelay(url, says);
    using endless = executionsFile();
    using ending = executionsFile();
    const gate = `${ending.path}.gate`;
    const never = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
    const gated = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
    const running = await never.run({ path: endless.path });
    const ended = await gated.run({ path: ending.path, gate });
    await using agent = runAgent(['--pool', pool, '--url', relay.url, '--limit', '2', '--json']);
    await until(() => endless.lines().length + ending.lines().length === 2);
    await untilReopened(agent);

    agent.child.kill('SIGSTOP');
    writeFileSync(gate, '');
    await untilGone(pidOf(ending.lines()[0]));
    await pastTheLease();
    agent.child.kill('SIGCONT');

    await untilGone(pidOf(endless.lines()[0]));
    const events = await untilReopened(agent);
    expect(events.map(({ type }) => type)).toContain('cut_off');
    expect(events.map(({ type }) => type)).not.toContain('run_finished');
    expect(proposed(relay, running.id, 1)).toEqual(['RUNNING']);
    expect(proposed(relay, ended.id, 1)).toEqual(['RUNNING']);
  });

  test('starts nothing that was claimed for it meanwhile', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using relay = await startRelay(url, says);
    using executions = executionsFile();
    const deployed = await deploy(counted, inFlows(client, pool, 'counted'));
    const claim = relay.hold(/\/claim$/);
    await using agent = runAgent(['--pool', pool, '--url', relay.url, '--json']);
    await untilReopened(agent);
    await claim.arrived;

    agent.child.kill('SIGSTOP');
    const { id } = await deployed.run({ path: executions.path });
    claim.release();
    await until(async () => (await client.readFlowRun({ id })).claimed_by !== null);
    await pastTheLease();
    agent.child.kill('SIGCONT');

    const events = await untilReopened(agent);
    expect(events.map(({ type }) => type)).toEqual(['cut_off', 'session_opened']);
    expect(proposed(relay, id, 1)).toEqual([]);
    expect(openings(relay)[1]).toMatchObject({ replaces: openings(relay)[0]?.sessionId });
  });

  test('starts nothing that it was allowed to start meanwhile', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using relay = await startRelay(url, says);
    using executions = executionsFile();
    const deployed = await deploy(counted, inFlows(client, pool, 'counted'));
    const { id } = await deployed.run({ path: executions.path });
    const begin = relay.hold(/set_state$/);
    await using agent = runAgent(['--pool', pool, '--url', relay.url, '--json']);
    await untilReopened(agent);
    await begin.arrived;

    agent.child.kill('SIGSTOP');
    begin.release();
    await until(async () => (await client.readFlowRun({ id })).state_type === 'RUNNING');
    await pastTheLease();
    agent.child.kill('SIGCONT');

    const events = await untilReopened(agent);
    const told = events.map(({ type }) => type);
    expect(told.toSorted()).toEqual(['cut_off', 'run_claimed', 'run_forgotten', 'session_opened']);
    expect(proposed(relay, id, 1)).toEqual(['RUNNING']);
  });
});
