import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECOND } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let ahead = 0;
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: () => Date.now() * 1000 + ahead } });
});
afterAll(() => stack.stop());

const drain = (pool: string, session: string, body: { by: string; drain?: boolean }) =>
  stack.client.drainAgent({ name: pool, session_id: session, body });
const pause = (name: string, is_paused: boolean) =>
  stack.client.updateWorkPool({ name, body: { is_paused } });

test('a drained agent claims nothing from its next claim on, and finishes what it holds', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 2);
  const [agent, other] = await Promise.all([openSession(client, pool), openSession(client, pool)]);
  const [held] = (await claimRuns(client, pool, agent, { start: true })).runs;
  if (!held) throw new Error('nothing was claimed');

  const drained = await drain(pool, agent.session, { by: 'ann' });
  expect(drained).toMatchObject({
    id: agent.session,
    name: agent.worker,
    status: 'ONLINE',
    draining: { by: 'ann' },
    holds: [{ id: held.flow_run.id, attempt: 1 }],
  });
  expect(await client.readWorkers({ name: pool })).toContainEqual(drained);
  expect(await claimRuns(client, pool, agent)).toEqual({ runs: [], retry_after: 10 });
  const beat = await client.heartbeat({
    name: pool,
    session_id: agent.session,
    body: { worker_name: agent.worker, capacity: 1, runs: [{ id: held.flow_run.id, attempt: 1 }] },
  });
  expect(beat).toMatchObject({ draining: true, lost: [], cancel: [] });
  expect((await propose(client, held, 'COMPLETED')).status).toBe('ACCEPT');
  expect((await claimRuns(client, pool, other)).runs).toHaveLength(1);
});

test('a drain that is taken back is over with the next claim', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 1);
  const agent = await openSession(client, pool);
  await drain(pool, agent.session, { by: 'ann' });
  expect((await claimRuns(client, pool, agent)).runs).toEqual([]);
  const back = await drain(pool, agent.session, { by: 'bob', drain: false });
  expect(back.draining).toBeNull();
  expect((await claimRuns(client, pool, agent)).runs).toHaveLength(1);
});

test('a Prefect worker that is drained is refused new runs, and goes on with those it has', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [first = '', second = ''] = await createRuns(client, deployment.id, 2);
  const worker = `worker-${randomUUID()}`;
  await client.workerHeartbeat({ name: pool, body: { name: worker } });
  const set = (id: string, type: 'PENDING' | 'RUNNING' | 'COMPLETED') =>
    client.setState({
      id,
      body: { state: { type } },
      headers: { 'x-prefect-worker-name': worker },
    });
  expect((await set(first, 'PENDING')).status).toBe('ACCEPT');

  const [session] = await client.readWorkers({ name: pool });
  expect(session).toMatchObject({ name: worker, kind: 'worker', draining: null });
  await drain(pool, session?.id ?? '', { by: 'ann' });
  // Its heartbeats go on: they do not end the drain.
  await client.workerHeartbeat({ name: pool, body: { name: worker } });
  for (const type of ['PENDING', 'RUNNING'] as const) {
    expect(await set(second, type)).toMatchObject({
      status: 'ABORT',
      details: { reason: 'This worker is being drained: it may not claim any more runs.' },
    });
  }
  expect(await client.readFlowRun({ id: second })).toMatchObject({
    state_type: 'SCHEDULED',
    attempt: 0,
  });
  expect((await set(first, 'RUNNING')).status).toBe('ACCEPT');
  expect((await set(first, 'COMPLETED')).status).toBe('ACCEPT');

  await drain(pool, session?.id ?? '', { by: 'ann', drain: false });
  expect((await set(second, 'PENDING')).status).toBe('ACCEPT');
});

test('only an agent that lives is drained: 410 session_ended, with what to do', async () => {
  const { client } = stack;
  const { pool } = await createWork(client);
  const elsewhere = await createWork(client);
  const [ended, other] = [
    await openSession(client, pool),
    await openSession(client, elsewhere.pool),
  ];
  await client.heartbeat({
    name: pool,
    session_id: ended.session,
    body: { worker_name: ended.worker, capacity: 1, runs: [], ended: true },
  });
  for (const session of [ended.session, other.session, randomUUID()]) {
    await expect(drain(pool, session, { by: 'ann' })).rejects.toMatchObject({
      status: 410,
      code: 'session_ended',
      message: expect.stringContaining(`GET /api/work_pools/${pool}/workers lists the agents`),
    });
  }
  await expect(drain('nope', other.session, { by: 'ann' })).rejects.toMatchObject({
    status: 404,
    code: 'work_pool_not_found',
  });
});

test('all pools are paused at once and resumed at once; who was paused by itself stays paused', async () => {
  const { client } = stack;
  const [open, closed, reopened] = await Promise.all([1, 2, 3].map(() => createWork(client)));
  if (!open || !closed || !reopened) throw new Error('three were made');
  await pause(closed.pool, true);
  const agent = await openSession(client, open.pool);
  await createRuns(client, open.deployment.id, 1);

  const { pools: paused } = await client.pauseWorkPools({ body: { by: 'ann' } });
  expect(paused).toEqual(expect.arrayContaining([open.pool, reopened.pool]));
  expect(paused).not.toContain(closed.pool);
  expect(await client.readWorkPool({ name: open.pool })).toMatchObject({
    is_paused: true,
    status: 'PAUSED',
    paused_by: { by: 'ann' },
  });
  expect((await client.readWorkPool({ name: closed.pool })).paused_by).toBeNull();
  // Records are cached for 2 s.
  ahead += 2 * SECOND;
  expect(await claimRuns(client, open.pool, agent)).toEqual({ runs: [], retry_after: 10 });
  expect(await client.pauseWorkPools({ body: { by: 'bob' } })).toEqual({ pools: [] });
  // Somebody means this one to be paused, whatever becomes of the others.
  await pause(reopened.pool, true);

  const { pools: resumed } = await client.resumeWorkPools({ body: { by: 'ann' } });
  expect(resumed).toContain(open.pool);
  expect(resumed).not.toContain(closed.pool);
  expect(resumed).not.toContain(reopened.pool);
  const after = await client.filterWorkPools({ body: {} });
  const isPaused = new Map(after.map(({ name, is_paused }) => [name, is_paused]));
  expect([open, closed, reopened].map(({ pool }) => isPaused.get(pool))).toEqual([
    false,
    true,
    true,
  ]);
  expect((await client.readWorkPool({ name: open.pool })).paused_by).toBeNull();
  ahead += 2 * SECOND;
  expect((await claimRuns(client, open.pool, agent)).runs).toHaveLength(1);
  expect(await client.resumeWorkPools({ body: { by: 'ann' } })).toEqual({ pools: [] });
});

test('the slots of queues and deployments tell who holds them; without a limit there are none', async () => {
  const { client } = stack;
  const { pool, flow, deployment } = await createWork(client);
  await client.createWorkQueue({ name: pool, body: { name: 'narrow', concurrency_limit: 3 } });
  const limited = await client.createDeployment({
    body: {
      name: 'one-at-once',
      flow_id: flow.id,
      work_pool_name: pool,
      work_queue_name: 'narrow',
      concurrency_limit: 1,
    },
  });
  await createRuns(client, limited.id, 2);
  const agent = await openSession(client, pool);
  const { runs } = await claimRuns(client, pool, agent, { limit: 5 });
  expect(runs).toHaveLength(1);
  const slot = { flow_run_id: runs[0]?.flow_run.id, attempt: 1, session_id: agent.session };
  expect(await client.readWorkQueueSlots({ name: pool, queue: 'narrow' })).toMatchObject({
    concurrency_limit: 3,
    active_slots: 1,
    settling: false,
    slots: [slot],
  });
  expect(await client.readDeploymentSlots({ id: limited.id })).toMatchObject({
    concurrency_limit: 1,
    active_slots: 1,
    slots: [{ slot: 0, ...slot }],
  });
  const none = { concurrency_limit: null, active_slots: 0, settling: false, slots: [] };
  expect(await client.readWorkPoolSlots({ name: pool })).toEqual(none);
  expect(await client.readDeploymentSlots({ id: deployment.id })).toEqual(none);
});
