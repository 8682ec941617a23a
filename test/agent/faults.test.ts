import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Execution } from '../../agent/execution/execution.ts';
import { HeldRuns } from '../../agent/execution/held-runs.ts';
import { Intake } from '../../agent/intake/intake.ts';
import type { Session } from '../../agent/session/session.ts';
import type { Claim } from '../../agent/wire.ts';
import { isCompleted, type StateType } from '../../model/runs/state.ts';
import type { Store } from '../../model/store.ts';
import { deploy } from '../../sdk/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { counted, failsUntil } from './flows.ts';
import { executionsFile, inFlows, newPool, startTestAgent } from './test-agent.ts';

/**
 * The requests at which the server fails, and how often. It answers 500, as for an unexpected
 * error.
 */
const faults: { runId: string; at: StateType | 'update'; left: number }[] = [];

function fail(runId: string, at: StateType | 'update'): void {
  const fault = faults.find((one) => one.runId === runId && one.at === at && one.left > 0);
  if (!fault) return;
  fault.left--;
  throw new Error('a fault that the test made');
}

function faulty(store: Store): Store {
  return {
    ...store,
    transition: async (transition, guard) => {
      fail(transition.runId, transition.state.type);
      return store.transition(transition, guard);
    },
    updateRun: async (id, change, token) => {
      fail(id, 'update');
      return store.updateRun(id, change, token);
    },
  };
}

const ALWAYS = Number.POSITIVE_INFINITY;

let stack: TestStack;
beforeAll(async () => {
  // The server logs each failure there, with its stack.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  stack = await startTestStack({ wrapStore: faulty });
});
afterAll(() => stack.stop());

test.concurrent('a fault that passes is waited for', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const run = await (await deploy(counted, inFlows(client, pool, 'counted'))).run({
    path: executions.path,
  });
  faults.push({ runId: run.id, at: 'COMPLETED', left: 4 });
  await using _agent = await startTestAgent({ url, pool });
  await expect(run.wait()).resolves.toBeNull();
  expect(executions.lines()).toHaveLength(1);
});

test.concurrent('a result that the server always fails at makes the run FAILED', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const run = await (await deploy(counted, inFlows(client, pool, 'counted'))).run({
    path: executions.path,
  });
  faults.push({ runId: run.id, at: 'COMPLETED', left: ALWAYS });
  await using _agent = await startTestAgent({ url, pool });
  await expect(run.wait()).rejects.toMatchObject({
    stateType: 'FAILED',
    stateMessage: expect.stringContaining('could not be kept: the server fails at it'),
  });
  expect(executions.lines()).toHaveLength(1);
});

test.concurrent('a run whose end cannot be told keeps neither its place nor a stopping agent', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const { path } = executions;
  const deployed = await deploy(counted, inFlows(client, pool, 'counted'));
  const { id } = await deployed.run({ path });
  for (const at of ['COMPLETED', 'FAILED'] as const) faults.push({ runId: id, at, left: ALWAYS });
  await using agent = await startTestAgent({ url, pool, limit: 1 });
  await agent.event('run_started', ({ runId }) => runId === id);
  const next = await deployed.run({ path });
  const { reason } = await agent.event('run_forgotten', ({ runId }) => runId === id);
  expect(reason).toContain('does not accept the state Failed: the server fails at it');
  await expect(next.wait()).resolves.toBeNull();
  await agent.agent.stop();
  expect(executions.lines()).toHaveLength(2);
  // When the agent ends its session, others can claim the run: it is not lost, although its code
  // ran.
  expect(await client.readFlowRun({ id })).toMatchObject({ state_name: 'Rescheduled', attempt: 1 });
  const logs = await client.filterLogs({ body: { logs: { flow_run_id: { any_: [id] } } } });
  expect(logs.map(({ message }) => message)).toEqual([reason]);
});

test('it is not given back either, for it was executed', () => {
  const claim = { claim_id: randomUUID(), attempt: 1, flow_run: { id: randomUUID() } };
  const other = { claim_id: randomUUID(), attempt: 1, flow_run: { id: randomUUID() } };
  const held = new HeldRuns();
  const givenBack: unknown[] = [];
  const intake = new Intake({
    held,
    giveBack: async (back) => void givenBack.push(back),
    onEvent: () => {},
    room: () => 1,
    stopping: () => false,
    outstanding: () => undefined,
    start: () => {},
  });
  for (const [one, givenUp] of [[claim, true] as const, [other, false] as const]) {
    held.see(one as unknown as Claim);
    const execution = { claim: one, givenUp } as unknown as Execution;
    held.add(execution);
    held.remove(execution);
  }
  const session = { over: new AbortController().signal } as Session;
  const reply = { cancel: [], lost: [], unknown: [claim, other] } as never;
  for (let beat = 0; beat < 3; beat++) intake.hear(reply, session);
  expect(givenBack).toEqual([other]);
});

test.concurrent('a retry policy that the server always fails at does not keep the flow from running', async () => {
  const { client, url } = stack;
  const pool = await newPool(client);
  using executions = executionsFile();
  const deployed = await deploy(failsUntil, inFlows(client, pool, 'failsUntil'));
  const { id } = await deployed.run({ path: executions.path, times: 1 });
  faults.push({ runId: id, at: 'update', left: ALWAYS });
  await using agent = await startTestAgent({ url, pool });
  await agent.event('run_finished', ({ runId }) => runId === id);
  expect(isCompleted((await client.readFlowRun({ id })).state_type)).toBe(true);
  expect(executions.lines()).toHaveLength(1);
});
