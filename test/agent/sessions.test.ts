import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isScheduled } from '../../model/runs/state.ts';
import { deploy } from '../../sdk/index.ts';
import { untilGone } from '../support/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { counted, endsWhenAsked, neverPauses, waitsForGate } from './flows.ts';
import { executionsFile, inFlows, newPool, startTestAgent, until } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

// Concurrent, because most of these tests wait for the next heartbeat.
describe.concurrent('an agent and its session', () => {
  test('a name that a live agent has gets a suffix', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using first = await startTestAgent({ url, pool, name: 'box' });
    await using second = await startTestAgent({ url, pool, name: 'box' });
    expect(first.agent.name).toBe('box');
    expect(second.agent.name).toMatch(/^box-.+/);
    const workers = await client.readWorkers({ name: pool });
    expect(workers.map(({ name }) => name).toSorted()).toEqual(['box', second.agent.name]);
  });

  test('an agent tells its capacity and what it holds', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    await using agent = await startTestAgent({ url, pool, limit: 7 });
    const [worker] = await client.readWorkers({ name: pool });
    expect(worker).toMatchObject({ id: agent.agent.sessionId, status: 'ONLINE', capacity: 7 });
  });

  test('a run that is cancelled is asked to end, and is CANCELLED', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using executions = executionsFile();
    const { path } = executions;
    await using agent = await startTestAgent({ url, pool });
    const deployed = await deploy(endsWhenAsked, inFlows(client, pool, 'endsWhenAsked'));
    const { id, wait } = await deployed.run({ path });
    await until(() => executions.lines().length === 1);
    await client.setState({ id, body: { state: { type: 'CANCELLING' } } });
    await expect(wait()).rejects.toMatchObject({ stateType: 'CANCELLED' });
    await agent.event('run_finished');
    expect(executions.lines()[1]).toBe('The run was cancelled.');
  });

  test('a run that is taken away is killed, and nothing is reported for it', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using executions = executionsFile();
    const { path } = executions;
    await using agent = await startTestAgent({ url, pool, limit: 1 });
    const deployed = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
    const { id } = await deployed.run({ path });
    await until(() => executions.lines().length === 1);
    const later = { scheduled_time: '2040-01-01T00:00:00Z' };
    await client.setState({
      id,
      body: { force: true, state: { type: 'SCHEDULED', state_details: later } },
    });
    await agent.event('run_forgotten', ({ runId }) => runId === id);
    await untilGone(Number(executions.lines()[0]?.split(' ')[1]));
    const run = await client.readFlowRun({ id });
    expect(isScheduled(run.state_type)).toBe(true);
    expect(run).toMatchObject({ run_count: 1, claimed_by: null });
  });

  test('when the server ends its session the agent kills its runs and opens a new one', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using executions = executionsFile();
    const { path } = executions;
    await using agent = await startTestAgent({ url, pool });
    const former = agent.agent.sessionId;
    const deployed = await deploy(neverPauses, inFlows(client, pool, 'neverPauses'));
    const { id } = await deployed.run({ path });
    await until(() => executions.lines().length === 1);
    await client.heartbeat({
      name: pool,
      session_id: former,
      body: { worker_name: agent.agent.name, capacity: 0, runs: [], ended: true },
    });
    await agent.event('session_opened', ({ sessionId }) => sessionId !== former);
    await untilGone(Number(executions.lines()[0]?.split(' ')[1]));
    expect(agent.events.some(({ type }) => type === 'run_finished')).toBe(false);
    await agent.event('run_forgotten', ({ runId }) => runId === id);
  });

  test('a run claimed for it that it never heard of is adopted, and executed once', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using executions = executionsFile();
    const { path } = executions;
    const deployed = await deploy(counted, inFlows(client, pool, 'counted'));
    // The agent does not poll this queue, so it does not claim the run in the usual way.
    await client.createWorkQueue({ name: pool, body: { name: 'other' } });
    await using agent = await startTestAgent({ url, pool, limit: 1, queues: ['default'] });
    const { id: runId } = await client.createFlowRunFromDeployment({
      id: deployed.id,
      body: { parameters: { path }, work_queue_name: 'other' },
    });
    await claimFor(agent.agent, pool);
    const finished = await agent.event('run_finished', (event) => event.runId === runId);
    expect(finished).toMatchObject({ attempt: 1, state: { type: 'COMPLETED' } });
    expect(executions.lines()).toHaveLength(1);
  });

  test('without room for it, it is given back', async () => {
    const { client, url } = stack;
    const pool = await newPool(client);
    using executions = executionsFile();
    const { path } = executions;
    const gate = `${path}.gate`;
    const deployed = await deploy(waitsForGate, inFlows(client, pool, 'waitsForGate'));
    await using agent = await startTestAgent({ url, pool, limit: 1 });
    const busy = await deployed.run({ path, gate });
    await until(() => executions.lines().length === 1);
    const { id } = await deployed.run({ path, gate });
    await claimFor(agent.agent, pool);
    await agent.event('run_given_back', ({ runId }) => runId === id);
    writeFileSync(gate, '');
    await busy.wait();
    await agent.event('run_finished', ({ runId }) => runId === id);
    const run = await client.readFlowRun({ id });
    expect(run).toMatchObject({ attempt: 2, run_count: 1 });
    expect(executions.lines()).toHaveLength(2);
  });
});

/** Claims a waiting run for this agent's session, without the agent's knowledge. */
async function claimFor(agent: { sessionId: string; name: string }, pool: string): Promise<void> {
  const { runs } = await stack.client.claim({
    name: pool,
    body: {
      session_id: agent.sessionId,
      worker_name: agent.name,
      claim_id: randomUUID(),
      limit: 1,
    },
  });
  expect(runs).toHaveLength(1);
}
