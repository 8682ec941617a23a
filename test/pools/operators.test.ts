import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../model/store.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import {
  type ClaimedRun,
  claimRuns,
  createRuns,
  createWork,
  openSession,
  propose,
} from '../support/work.ts';

/** Comes between the next read of a run and what is done with it. */
let meanwhile: (() => Promise<unknown>) | undefined;
/** The reply to the next change of a state is lost: the SDK sends it again. */
let sentTwice = false;
const disturbed = (store: Store): Store => ({
  ...store,
  transition: async (to, guard) => {
    if (sentTwice) await store.transition(to, guard);
    sentTwice = false;
    return store.transition(to, guard);
  },
  readRun: async (id) => {
    const run = await store.readRun(id);
    const interrupt = meanwhile;
    meanwhile = undefined;
    await interrupt?.();
    return run;
  },
});

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ wrapStore: disturbed });
});
afterAll(() => stack.stop());

const ANN = { by: 'ann@laptop', note: 'the disk is full' };
const release = (id: string, body: { by: string; note?: string } = ANN) =>
  stack.client.releaseFlowRun({ id, body });
const claims = (id: string) => stack.client.readFlowRunClaims({ id });
const states = async (id: string) =>
  (await stack.client.readFlowRunStates({ query: { flow_run_id: id } })).map(
    ({ type, message }) => [type, message] as const,
  );

/** A run that an agent holds. */
async function heldRun(start = true) {
  const { client } = stack;
  const work = await createWork(client);
  const [id = ''] = await createRuns(client, work.deployment.id, 1);
  const agent = await openSession(client, work.pool);
  return { ...work, id, agent, run: await claimOne(work.pool, agent, start) };
}

async function claimOne(
  pool: string,
  agent: Awaited<ReturnType<typeof openSession>>,
  start = true,
): Promise<ClaimedRun> {
  const [run] = (await claimRuns(stack.client, pool, agent, { start })).runs;
  if (!run) throw new Error('nothing was claimed');
  return run;
}

test('a released run waits again, and its history and its claims say by whom and why', async () => {
  const { id, agent } = await heldRun();
  const released = await release(id);
  expect(released).toMatchObject({ id, state_type: 'SCHEDULED', claimed_by: null, attempt: 1 });
  const message = 'Released by ann@laptop: the disk is full';
  expect((await states(id)).at(-1)).toEqual(['SCHEDULED', message]);
  expect(await claims(id)).toMatchObject([
    {
      attempt: 1,
      session_id: agent.session,
      worker_name: agent.worker,
      reason: 'released',
      message,
    },
  ]);
});

test('without a note the history says by whom', async () => {
  const { id } = await heldRun();
  await release(id, { by: 'cron' });
  expect((await states(id)).at(-1)).toEqual(['SCHEDULED', 'Released by cron.']);
});

test('who lost a run by a release gets 409, hears it with its heartbeat, and another claims it', async () => {
  const { client } = stack;
  const { pool, id, agent, run } = await heldRun();
  await release(id);
  await expect(propose(client, run, 'COMPLETED')).rejects.toMatchObject({
    status: 409,
    code: 'claim_lost',
    body: { attempt: 1, holder: null },
  });
  const other = await openSession(client, pool);
  expect(await claimOne(pool, other)).toMatchObject({ attempt: 2, flow_run: { id } });
  await expect(propose(client, run, 'COMPLETED')).rejects.toMatchObject({
    status: 409,
    body: { attempt: 2, holder: { session_id: other.session } },
  });
  const beat = await client.heartbeat({
    name: pool,
    session_id: agent.session,
    body: { worker_name: agent.worker, capacity: 1, runs: [{ id, attempt: 1 }] },
  });
  const holder = { session_id: other.session, worker_name: other.worker };
  expect(beat.lost).toEqual([{ id, attempt: 1, holder }]);
  expect((await client.readFlowRun({ id })).state_type).toBe('RUNNING');
});

test('a run that is to be cancelled is CANCELLED by a release', async () => {
  const { client } = stack;
  const { id, run } = await heldRun();
  await client.setState({ id, body: { state: { type: 'CANCELLING' } } });
  expect(await release(id)).toMatchObject({ state_type: 'CANCELLED', claimed_by: null });
  expect((await states(id)).at(-1)).toEqual([
    'CANCELLED',
    'Released by ann@laptop: the disk is full',
  ]);
  expect(await claims(id)).toMatchObject([{ attempt: 1, reason: 'released' }]);
  await expect(propose(client, run, 'CANCELLED')).rejects.toMatchObject({ status: 409 });
});

test('a run that waits for a retry in its process can be released', async () => {
  const { client } = stack;
  const { pool, id, run, agent } = await heldRun(false);
  await client.updateFlowRun({ id, body: { empirical_policy: { retries: 1, retry_delay: 3600 } } });
  await propose(client, run, 'RUNNING');
  expect((await propose(client, run, 'FAILED')).state?.name).toBe('AwaitingRetry');
  await release(id);
  expect(await claimOne(pool, agent)).toMatchObject({ attempt: 2 });
  expect(await claims(id)).toMatchObject([{ reason: 'released' }, { reason: null }]);
});

test('what nobody holds, or what was executed by hand, is not released: 409 flow_run_not_held', async () => {
  const { client } = stack;
  const { flow, deployment } = await createWork(client);
  const [waiting = ''] = await createRuns(client, deployment.id, 1);
  const byHand = await client.createFlowRun({ body: { flow_id: flow.id } });
  const done = await heldRun();
  await propose(client, done.run, 'COMPLETED');
  for (const id of [waiting, byHand.id, done.id]) {
    await expect(release(id)).rejects.toMatchObject({ status: 409, code: 'flow_run_not_held' });
  }
  expect((await states(done.id)).map(([type]) => type)).toEqual([
    'SCHEDULED',
    'RUNNING',
    'COMPLETED',
  ]);
});

test('a run that ends just before it is released stays ended', async () => {
  const { id, run } = await heldRun();
  meanwhile = () => propose(stack.client, run, 'COMPLETED');
  await expect(release(id)).rejects.toMatchObject({ code: 'flow_run_not_held' });
  expect((await states(id)).map(([type]) => type)).toEqual(['SCHEDULED', 'RUNNING', 'COMPLETED']);
});

test('of two releases at once one counts: who claimed the run after it keeps it', async () => {
  const { pool, id } = await heldRun();
  const other = await openSession(stack.client, pool);
  let next: ClaimedRun | undefined;
  meanwhile = async () => {
    await release(id, { by: 'bob' });
    next = await claimOne(pool, other);
  };
  await expect(release(id)).rejects.toMatchObject({ code: 'flow_run_not_held' });
  expect(next?.attempt).toBe(2);
  expect((await stack.client.readFlowRun({ id })).claimed_by?.session_id).toBe(other.session);
});

test('a cancellation that comes just before a release is kept', async () => {
  const { id } = await heldRun();
  meanwhile = () =>
    stack.client.setState({ id, body: { state: { type: 'CANCELLING', message: 'enough' } } });
  expect((await release(id)).state_type).toBe('CANCELLED');
});

test('a release whose reply from the database is lost is one release', async () => {
  const { id } = await heldRun();
  sentTwice = true;
  expect(await release(id)).toMatchObject({ state_type: 'SCHEDULED' });
  expect((await states(id)).map(([type]) => type)).toEqual(['SCHEDULED', 'RUNNING', 'SCHEDULED']);
});

test('a long note stands in the history as a whole', async () => {
  const { id } = await heldRun();
  const note = 'ä'.repeat(1000);
  await release(id, { by: 'ann', note });
  const message = `Released by ann: ${note}`;
  expect((await states(id)).at(-1)?.[1]).toBe(message);
  expect(await claims(id)).toMatchObject([{ message }]);
});

test('a release frees the slots that the run held', async () => {
  const { client } = stack;
  const pool = `pool-${randomUUID().slice(0, 8)}`;
  await client.createWorkPool({ body: { name: pool, type: 'process', concurrency_limit: 1 } });
  const flow = await client.createFlow({ body: { name: pool } });
  const runs = [1, 2].map(() =>
    client.createFlowRun({
      body: { flow_id: flow.id, work_pool_name: pool, state: { type: 'SCHEDULED' } },
    }),
  );
  await Promise.all(runs);
  const agent = await openSession(client, pool);
  const first = await claimOne(pool, agent);
  const { id } = first.flow_run;
  expect(await client.readWorkPoolSlots({ name: pool })).toMatchObject({
    concurrency_limit: 1,
    active_slots: 1,
    slots: [{ slot: 0, flow_run_id: id, attempt: 1, session_id: agent.session }],
  });
  expect((await claimRuns(client, pool, agent)).runs).toEqual([]);
  await release(id);
  expect(await client.readWorkPoolSlots({ name: pool })).toMatchObject({ active_slots: 0 });
  await claimOne(pool, agent);
});
