import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isScheduled } from '../../model/runs/state.ts';
import { deploy } from '../../sdk/index.ts';
import { untilGone } from '../support/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { neverPauses, waitsForGate } from './flows.ts';
import { proposed, startRelay } from './relay.ts';
import { executionsFile, inFlows, newPool, startTestAgent, until } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

/** Takes the run from its holder. No agent may claim it again while the test lasts. */
async function takeAway(id: string): Promise<void> {
  const later = { scheduled_time: '2040-01-01T00:00:00Z' };
  const state = { type: 'SCHEDULED' as const, state_details: later };
  await stack.client.setState({ id, body: { force: true, state } });
}

describe.concurrent('an agent that has lost a claim', () => {
  test.each([
    ['by a heartbeat', { lease_seconds: 6 }],
    ['by the answer to it', {}],
  ])(
    'while it proposes its end, and hears so %s, tells it once and proposes nothing more',
    async (_, says) => {
      const { client, url } = stack;
      const pool = await newPool(client);
      await using relay = await startRelay(url, says);
      using executions = executionsFile();
      const { path } = executions;
      const gate = `${path}.gate`;
      await using agent = await startTestAgent({ url: relay.url, pool, limit: 1 });
      const deployed = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
      const { id } = await deployed.run({ path, gate });
      await until(() => executions.lines().length === 1);

      const end = relay.hold(/set_state$/);
      writeFileSync(gate, '');
      await end.arrived;
      await takeAway(id);
      if ('lease_seconds' in says) await agent.event('run_forgotten');
      end.release();
      await agent.event('run_forgotten');

      // After it has executed another run, it has room again and so has dealt with the response.
      const next = await deployed.run({ path, gate });
      await next.wait();
      const told = agent.events.filter((event) => 'runId' in event && event.runId === id);
      expect(told.map(({ type }) => type)).toEqual(['run_claimed', 'run_started', 'run_forgotten']);
      expect(proposed(relay, id, 1)).toEqual(['RUNNING', 'COMPLETED']);
      const run = await client.readFlowRun({ id });
      expect(isScheduled(run.state_type)).toBe(true);
    },
  );

  test('kills what executes it, and goes on with what it holds beside it', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using relay = await startRelay(url, { lease_seconds: 6 });
    using lost = executionsFile();
    using kept = executionsFile();
    const gate = `${kept.path}.gate`;
    await using agent = await startTestAgent({ url: relay.url, pool, limit: 2 });
    const never = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
    const gated = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
    const { id } = await never.run({ path: lost.path });
    const beside = await gated.run({ path: kept.path, gate });
    await until(() => lost.lines().length + kept.lines().length === 2);

    await takeAway(id);
    await untilGone(Number(lost.lines()[0]?.split(' ')[1]));
    writeFileSync(gate, '');

    await expect(beside.wait()).resolves.toBe('the gate is open');
    await agent.event('run_forgotten', ({ runId }) => runId === id);
    expect(proposed(relay, id, 1)).toEqual(['RUNNING']);
  });
});
