import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../../client/index.ts';
import { isCompleted } from '../../../model/runs/state.ts';
import { deploy } from '../../../sdk/index.ts';
import { failsUntil, neverPauses, waitsForGate } from '../../agent/flows.ts';
import { executionsFile, inFlows, newPool, startTestAgent, until } from '../../agent/test-agent.ts';
import { startFaultyProxy } from '../../support/faulty-proxy.ts';
import { foreignReplies, frontReplies, startElsewhere } from '../../support/foreign-replies.ts';
import { untilGone } from '../../support/processes.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import {
  AGENT_CALLS,
  CALLS_ABOUT_A_RUN,
  type Call,
  callOf,
  HEARTBEAT,
  SDK_CALLS,
  shortLease,
} from './calls.ts';

let stack: TestStack;

const TIMEOUT = { timeout: 120_000 };
const TIMEOUT_MS = 1_000;
/** One of each sort: the client's own tests have them all. */
export const KINDS = [
  'a page',
  'JSON of another shape',
  'a field missing',
  'a field of another type',
  'a reply without an end',
  'a reply that drips',
  'a redirect',
  'a page that says it is gone',
];

/** A proxy that answers in the server's place, and whatever a redirect leads to. */
async function startLiar(kind: string) {
  const proxy = await startFaultyProxy(stack.url);
  const elsewhere = await startElsewhere();
  const answers = { ...foreignReplies(elsewhere.url), ...frontReplies }[kind];
  if (!answers) throw new Error(`There is no reply of the kind ${kind}.`);
  return {
    proxy,
    answers,
    ledAway: elsewhere.requests,
    url: `http://127.0.0.1:${proxy.port}/api`,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await elsewhere[Symbol.asyncDispose]();
    },
  };
}

/** A run that is retried and ends, and one that is given back, while each of the calls is answered so. */
async function liveThrough(kind: string, calls: readonly Call[]): Promise<void> {
  await using liar = await startLiar(kind);
  const struck = new Map<Call, number>();
  liar.proxy.meddle = (exchange) => {
    const call = callOf(exchange);
    const times = struck.get(call) ?? 0;
    if (times === 2 || !calls.includes(call)) return undefined;
    struck.set(call, times + 1);
    return { answers: liar.answers, ...(times === 0 ? { loses: 'request' as const } : {}) };
  };
  const client = createClient({ url: liar.url, timeoutMs: TIMEOUT_MS });
  const pool = await newPool(stack.client);
  using ended = executionsFile();
  using given = executionsFile();
  const gate = `${given.path}.gate`;
  const ends = await deploy(failsUntil, inFlows(client, pool, 'failsUntil'));
  const run = await ends.run({ path: ended.path, times: 2 });
  await using agent = await startTestAgent({
    ...{ url: liar.url, pool, timeoutMs: TIMEOUT_MS, drainSeconds: 0 },
  });
  await expect(run.wait()).resolves.toBe(2);
  const waits = await deploy(waitsForGate, inFlows(stack.client, pool, 'waitsForGate'));
  const handedOn = await waits.run({ path: given.path, gate });
  await until(() => given.lines().length === 1);
  await agent.agent.stop();
  await using _heir = await startTestAgent({ url: stack.url, pool });
  writeFileSync(gate, '');
  await handedOn.wait();

  expect(Object.fromEntries(struck)).toEqual(Object.fromEntries(calls.map((call) => [call, 2])));
  expect(ended.lines()).toHaveLength(2);
  expect(given.lines()).toHaveLength(2);
  expect(await stack.client.readFlowRun({ id: run.id })).toMatchObject({ attempt: 1 });
  expect(await stack.client.readFlowRun({ id: handedOn.id })).toMatchObject({ attempt: 2 });
  expect(agent.events.map(({ type }) => type)).not.toContain('cut_off');
  expect(liar.ledAway).toEqual([]);
}

/**
 * Tests what an agent and the SDK do where replies of these kinds come instead of the server's, and
 * refusals of these fronts.
 */
export function testForeignReplies(kinds: readonly string[], fronts: readonly string[]): void {
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack.stop());

  test.concurrent.each([...fronts])(
    'nobody concludes anything about a run from %s',
    TIMEOUT,
    (kind) => liveThrough(kind, CALLS_ABOUT_A_RUN),
  );

  // One kind after the other: a machine that is too busy loses leases of a few seconds.
  describe.each([...kinds])('where something else answers: %s', (kind) => {
    test.concurrent(
      'each call in turn, before its effect and after it, counts as not answered',
      TIMEOUT,
      () => liveThrough(kind, [...AGENT_CALLS, ...SDK_CALLS]),
    );

    test.concurrent(
      'to every heartbeat, the agent stops its runs before others can claim them',
      TIMEOUT,
      async () => {
        await using liar = await startLiar(kind);
        let lies = false;
        liar.proxy.meddle = (exchange) => {
          const call = callOf(exchange);
          if (call !== HEARTBEAT && call !== 'open') return undefined;
          return { answers: lies ? liar.answers : shortLease };
        };
        const pool = await newPool(stack.client);
        using executions = executionsFile();
        const { path } = executions;
        await using agent = await startTestAgent({ url: liar.url, pool });
        const deployed = await deploy(neverPauses, inFlows(stack.client, pool, 'neverPauses'));
        const { id } = await deployed.run({ path });
        await agent.event('run_started');
        await until(() => executions.lines().length === 1);
        lies = true;
        await untilGone(Number(executions.lines()[0]?.split(' ')[1]));
        await agent.event('cut_off');
        const run = await stack.client.readFlowRun({ id });
        expect(isCompleted(run.state_type)).toBe(false);
        expect(executions.lines()).toHaveLength(1);
      },
    );
  });
}

export const FRONTS = Object.keys(frontReplies);
