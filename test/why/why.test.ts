import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from '../support/http.ts';
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
    {
      code: 'limit_full',
      evidence: { held: 1, limit: 1, holders: [{ flow_run_id: held?.flow_run.id }] },
    },
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

test('a pause and a suspension tell who is waited for', async () => {
  const { client } = stack;
  for (const [pause_reschedule, code] of [
    [false, 'paused'],
    [true, 'suspended'],
  ] as const) {
    const { id, pool } = await waiting();
    const agent = await openSession(client, pool);
    const [run] = (await claimRuns(client, pool, agent)).runs;
    if (!run) throw new Error('nothing was claimed');
    await propose(client, run, 'RUNNING');
    const body = {
      state: { type: 'PAUSED', state_details: { pause_reschedule } },
      claim_token: run.claim_token,
    };
    await request(stack, 'POST', `/flow_runs/${id}/set_state`, body);
    expect(await codes(id)).toEqual([code]);
  }
});

test('a paused queue holds up; a paused deployment is only told', async () => {
  const { client } = stack;
  const { id, pool, deployment } = await waiting();
  const queue = { name: pool, queue: 'default' };
  await client.updateWorkQueue({ ...queue, body: { is_paused: true } });
  await request(stack, 'POST', `/deployments/${deployment.id}/pause_deployment`);
  const causes = await why(id);
  expect(causes[0]).toMatchObject({ code: 'queue_paused', blocks: true });
  expect(causes.at(-1)).toMatchObject({ code: 'deployment_paused', blocks: false });
});

test('agents that are all drained claim nothing', async () => {
  const { client } = stack;
  const { id, pool } = await waiting();
  const { session } = await openSession(client, pool);
  await client.drainAgent({ name: pool, session_id: session, body: { by: 'ann' } });
  expect(await codes(id)).toEqual(['agents_draining']);
});

test('what is due before it is told, and holds it up where agents are full', async () => {
  const { client } = stack;
  const { pool, ids, deployment } = await waiting({}, 3);
  const id = ids.at(-1) ?? '';
  const first = { name: 'first', priority: 1 };
  await client.createWorkQueue({ name: pool, body: first });
  await request(stack, 'POST', `/deployments/${deployment.id}/create_flow_run`, {
    work_queue_name: 'first',
  });
  const { session, worker } = await openSession(client, pool);
  const beat = { worker_name: worker, capacity: 0, runs: [] };
  await client.heartbeat({ name: pool, session_id: session, body: beat });
  await expect.poll(() => codes(id)).toEqual(['agents_full', 'priority_ahead', 'earlier_ahead']);
  expect((await why(id)).map(({ evidence }) => evidence['ahead'])).toEqual([undefined, 1, 2]);
});

test('a retry is told with its time: in its process', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const run = await client.createFlowRunFromDeployment({
    id: deployment.id,
    body: { empirical_policy: { retries: 1, retry_delay: 600 } },
  });
  const agent = await openSession(client, pool);
  const [mine] = (await claimRuns(client, pool, agent)).runs;
  if (!mine) throw new Error('it was not claimed');
  await propose(client, mine, 'RUNNING');
  await propose(client, mine, 'FAILED');
  expect(await codes(run.id)).toEqual(['retry_in_process']);
});

test('a queue that was deleted is told', async () => {
  const { client } = stack;
  const { pool, deployment } = await waiting();
  await client.createWorkQueue({ name: pool, body: { name: 'gone' } });
  const { body } = await request(stack, 'POST', `/deployments/${deployment.id}/create_flow_run`, {
    work_queue_name: 'gone',
  });
  await request(stack, 'DELETE', `/work_pools/${pool}/queues/gone`);
  await expect.poll(() => codes(body.id)).toContain('queue_deleted');
});

test('a run that moves on while it is asked about is told as it is then', async () => {
  let between: (() => Promise<unknown>) | undefined;
  const other = await startTestStack({
    wrapStore: (store) => ({
      ...store,
      listSessions: async (poolId) => {
        const found = await store.listSessions(poolId);
        const now = between;
        between = undefined;
        await now?.();
        return found;
      },
    }),
  });
  try {
    const { client } = other;
    const { deployment } = await createWork(client);
    const [id = ''] = await createRuns(client, deployment.id, 1);
    between = () =>
      request(other, 'POST', `/flow_runs/${id}/set_state`, { state: { type: 'CANCELLING' } });
    const { causes, state_name } = await client.readFlowRunWhy({ id });
    expect([state_name, ...causes.map(({ code }) => code)]).toEqual(['Cancelled', 'already_final']);
  } finally {
    await other.stop();
  }
});
