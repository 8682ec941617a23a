import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const claims = (id: string) => stack.client.readFlowRunClaims({ id });

/** A run, and an agent that claims it again and again. */
async function oneRun() {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const agent = await openSession(client, pool);
  const claim = async (start = true) => {
    const [run] = (await claimRuns(client, pool, agent, { start })).runs;
    if (run?.flow_run.id !== id) throw new Error('nothing was claimed');
    return run;
  };
  return { id, agent, claim };
}

test('the claims of a run tell each attempt, from when to when, and why it ended', async () => {
  const { client } = stack;
  const { id, agent, claim } = await oneRun();
  expect(await claims(id)).toEqual([]);
  const first = await claim(false);
  expect(await claims(id)).toMatchObject([
    { attempt: 1, started: null, ended: null, reason: null },
  ]);
  await propose(client, first, 'SCHEDULED');
  await propose(client, await claim(false), 'RUNNING');
  await client.releaseFlowRun({ id, body: { by: 'ann' } });
  await propose(client, await claim(), 'FAILED');
  await client.retryFlowRuns({ body: { by: 'ann', flow_runs: { id: { any_: [id] } } } });
  await claim();
  await client.setState({ id, body: { state: { type: 'SCHEDULED' }, force: true } });
  await propose(client, await claim(), 'COMPLETED');

  const told = await claims(id);
  expect(told.map(({ attempt, reason }) => `${attempt} ${reason}`)).toEqual([
    '1 given back',
    '2 released',
    '3 failed',
    '4 rescheduled',
    '5 completed',
  ]);
  expect(told.map(({ started }) => started !== null)).toEqual([false, true, true, true, true]);
  const times = told.flatMap(({ claimed, started, ended }) => [
    claimed,
    started ?? '',
    ended ?? '',
  ]);
  const known = times.filter((time) => time !== '');
  expect([...known].sort()).toEqual(known);
  for (const claim of told) {
    expect(claim).toMatchObject({ session_id: agent.session, worker_name: agent.worker });
  }
});

test('more attempts than a run item keeps states are all told, each under its number', async () => {
  const { id, claim } = await oneRun();
  for (let attempt = 1; attempt <= 15; attempt++) {
    await propose(stack.client, await claim(), 'SCHEDULED');
  }
  const told = await claims(id);
  expect(told.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['given back']));
});
