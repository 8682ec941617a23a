import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy, type RunFailedError, type RunHandle } from '../../sdk/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import {
  counted,
  exits,
  greet,
  isKilled,
  neverPausesInTime,
  returnsBigint,
  returnsDeep,
  returnsLarge,
  speaksToItsParent,
  takesTooLong,
  throws,
  throwsBare,
  throwsHostile,
  throwsOddMessage,
} from './flows.ts';
import { executionsFile, inFlows, newPool, startTestAgent, type TestAgent } from './test-agent.ts';

let stack: TestStack;
let pool: string;
let agent: TestAgent;
beforeAll(async () => {
  stack = await startTestStack();
  pool = await newPool(stack.client);
  agent = await startTestAgent({ url: stack.url, pool });
});
afterAll(async () => {
  await agent.agent.stop({ kill: true });
  await stack.stop();
});

const at = (name: Parameters<typeof inFlows>[2]) => inFlows(stack.client, pool, name);

async function failureOf(run: RunHandle<unknown>): Promise<RunFailedError> {
  return run.wait().then(
    (result) => expect.fail(`it returned ${JSON.stringify(result)}`),
    (error) => error,
  );
}

test.concurrent('what the flow returns is kept; nothing is null', async () => {
  using executions = executionsFile();
  const { path } = executions;
  const run = await (await deploy(counted, at('counted'))).run({ path });
  await expect(run.wait()).resolves.toBeNull();
  expect(executions.lines()).toHaveLength(1);
});

test.concurrent('what cannot be kept as JSON fails the run and says so', async () => {
  const run = await (await deploy(returnsBigint, at('returnsBigint'))).run();
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'FAILED' });
  expect(failure.message).toContain('cannot be kept as JSON');
});

test.concurrent('a flow that throws has FAILED, with what it threw', async () => {
  const run = await (await deploy(throws, at('throws'))).run();
  const failure = await failureOf(run);
  expect(failure).toMatchObject({
    stateType: 'FAILED',
    stateMessage: 'Flow run encountered an exception: TypeError: that does not work',
  });
});

test.concurrent('what is thrown may be anything: it FAILED, and is tried again', async () => {
  using executions = executionsFile();
  const run = await (await deploy(throwsBare, at('throwsBare'))).run({ path: executions.path });
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'FAILED' });
  expect(failure.stateMessage).toContain('[Object: null prototype] {}');
  expect(executions.lines()).toHaveLength(2);
});

test.concurrent.each([
  ['throwsOddMessage', throwsOddMessage, 'TypeError: { count: 1n }'],
  ['throwsHostile', throwsHostile, '(the thrown value cannot be described)'],
] as const)('what is thrown may be anything: %s', async (name, flow, told) => {
  const run = await (await deploy(flow, at(name))).run();
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'FAILED' });
  expect(failure.stateMessage).toContain(told);
});

test.concurrent.each([
  [4_000_000, /The result could not be kept: .*data of a state/],
  [8_000_000, /cannot be kept as JSON: it has 8000002 characters/],
])('a result of %i bytes is too large: it FAILED, and is told why', async (bytes, told) => {
  const run = await (await deploy(returnsLarge, at('returnsLarge'))).run({ bytes });
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'FAILED' });
  expect(failure.stateMessage).toMatch(told);
});

test.concurrent('a result that is nested too deep FAILED, and is told why', async () => {
  const run = await (await deploy(returnsDeep, at('returnsDeep'))).run({ levels: 2_000 });
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'FAILED' });
  expect(failure.stateMessage).toMatch(/The result could not be kept: .*nested at most 500 levels/);
});

test.concurrent('what a flow says to its parent process is not taken for ours', async () => {
  const run = await (await deploy(speaksToItsParent, at('speaksToItsParent'))).run();
  await expect(run.wait()).resolves.toBe('its own result');
  const logs = await stack.client.filterLogs({
    body: { logs: { flow_run_id: { any_: [run.id] } } },
  });
  expect(logs.map(({ message }) => message)).toEqual(['a line of its own']);
});

test.concurrent('parameters are checked again where the flow runs', async () => {
  const { id } = await deploy(greet, at('greet'));
  // These parameters pass the server, like those of a deployment that does not enforce its schema.
  const { id: runId } = await stack.client.createFlowRunFromDeployment({
    id,
    body: { parameters: { name: 5 }, enforce_parameter_schema: false },
  });
  const finished = await agent.event('run_finished', (event) => event.runId === runId);
  expect(finished.state.type).toBe('FAILED');
  const run = await stack.client.readFlowRun({ id: runId });
  expect(run.state?.message).toContain('name: ');
});

test.concurrent('a process that exits before its flow returns has CRASHED', async () => {
  const run = await (await deploy(exits, at('exits'))).run();
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'CRASHED' });
  expect(failure.message).toContain('exited with code 3');
});

test.concurrent('a process that is killed has CRASHED, and the signal is named', async () => {
  const run = await (await deploy(isKilled, at('isKilled'))).run();
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'CRASHED' });
  expect(failure.message).toContain('SIGKILL');
});

test.concurrent.each([
  ['takesTooLong', takesTooLong],
  ['neverPausesInTime', neverPausesInTime],
] as const)('a run whose time is up is stopped and FAILED as TimedOut: %s', async (name, flow) => {
  const run = await (await deploy<Record<string, unknown>, unknown>(flow, at(name))).run();
  const failure = await failureOf(run);
  expect(failure).toMatchObject({ stateType: 'FAILED', stateName: 'TimedOut' });
  const { pid } = await agent.event('run_started', (event) => event.runId === run.id);
  expect(() => process.kill(-(pid ?? 0), 0)).toThrow('ESRCH');
});

test.concurrent.each([
  [{ entrypoint: 'flows.ts:nothingLikeIt' }, /no flow called nothingLikeIt/],
  [{ entrypoint: 'missing.ts:greet' }, /missing.ts cannot be loaded/],
  [{ entrypoint: 'flow.py:main' }, /Nothing to run.*flow.py:main/],
  [{ entrypoint: null }, /Nothing to run/],
])(
  'a run that cannot be started has CRASHED, and is told what was expected: %o',
  async (given, told) => {
    const { client } = stack;
    const { id: flow_id } = await client.createFlow({ body: { name: 'not-there' } });
    const { id } = await client.createDeployment({
      body: {
        name: randomUUID(),
        flow_id,
        work_pool_name: pool,
        path: import.meta.dirname,
        ...given,
      },
    });
    const { id: runId } = await client.createFlowRunFromDeployment({ id, body: {} });
    const finished = await agent.event('run_finished', (event) => event.runId === runId);
    expect(finished.state.type).toBe('CRASHED');
    const run = await client.readFlowRun({ id: runId });
    expect(run.state?.message).toMatch(told);
  },
);
