import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const why = async (id: string) => (await stack.client.readFlowRunWhy({ id })).causes;
const codes = async (id: string) => (await why(id)).map(({ code }) => code);

async function waiting(more: Parameters<typeof createWork>[1] = {}, count = 1) {
  const work = await createWork(stack.client, more);
  const ids = await createRuns(stack.client, work.deployment.id, count);
  return { ...work, ids, id: ids[0] ?? '' };
}

test('a run that nobody can claim: no agent, none that polls, full, and a paused pool', async () => {
  const { client } = stack;
  const { id, pool } = await waiting();
  expect(await codes(id)).toEqual(['no_live_agent']);
  const { session, worker } = await openSession(client, pool);
  expect(await codes(id)).toEqual(['queue_not_polled']);
  const beat = { worker_name: worker, capacity: 0, runs: [] };
  await client.heartbeat({ name: pool, session_id: session, body: beat });
  expect(await why(id)).toMatchObject([{ code: 'agents_full', evidence: { live: 1 } }]);
  await client.updateWorkPool({ name: pool, body: { is_paused: true } });
  expect(await codes(id)).toEqual(['pool_paused', 'agents_full']);
});

test('a limit that is full names who holds it; a limit of 0 admits nothing', async () => {
  const { client } = stack;
  const { pool, ids } = await waiting({ poolLimit: 1 }, 2);
  const agent = await openSession(client, pool);
  const [held] = (await claimRuns(client, pool, agent)).runs;
  const other = ids.find((id) => id !== held?.flow_run.id) ?? '';
  expect(await why(other)).toMatchObject([
    { code: 'limit_full', evidence: { held: 1, limit: 1, longest_run: held?.flow_run.id } },
  ]);
  await client.updateWorkPool({ name: pool, body: { concurrency_limit: 0 } });
  expect(await codes(other)).toContain('limit_zero');
});

test('a claim is told from PENDING to its end', async () => {
  const { client } = stack;
  const { id, pool } = await waiting();
  const agent = await openSession(client, pool);
  const [run] = (await claimRuns(client, pool, agent)).runs;
  if (!run) throw new Error('nothing was claimed');
  expect(await why(id)).toMatchObject([
    { code: 'claimed_pending', evidence: { worker: agent.worker, attempt: 1 } },
  ]);
  await propose(client, run, 'RUNNING');
  expect(await why(id)).toMatchObject([{ code: 'running', blocks: false }]);
  await client.cancelFlowRuns({ body: { by: 'ann', flow_runs: { id: { any_: [id] } } } });
  expect(await codes(id)).toEqual(['asked_to_cancel']);
  await propose(client, run, 'CANCELLED');
  expect(await codes(id)).toEqual(['already_final']);
});

test('a run for later, one that is ready, one without a pool, and none', async () => {
  const { client } = stack;
  const { id, pool, flow, deployment } = await waiting();
  const agent = await openSession(client, pool);
  const [claimed] = (await claimRuns(client, pool, agent)).runs;
  if (!claimed) throw new Error('nothing was claimed');
  await propose(client, claimed, 'SCHEDULED');
  expect(await codes(id)).toEqual(['ready']);
  const later = { type: 'SCHEDULED', state_details: { scheduled_time: '2100-01-01T00:00:00Z' } };
  const { id: laterId } = await client.createFlowRunFromDeployment({
    id: deployment.id,
    body: { state: later as { type: 'SCHEDULED' } },
  });
  expect(await codes(laterId)).toEqual(['scheduled_for_later']);
  const byHand = await client.createFlowRun({
    body: { flow_id: flow.id, state: { type: 'SCHEDULED' } },
  });
  expect(await codes(byHand.id)).toEqual(['no_deployment']);
  await expect(why(randomUUID())).rejects.toMatchObject({ status: 404 });
});
