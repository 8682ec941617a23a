import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { updatePool } from '../../core/pools/pools.ts';
import { SECOND } from '../../model/values/instant.ts';
import { beat, movableClock } from '../support/clock.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

const setState = (id: string, type: 'PENDING' | 'RUNNING' | 'COMPLETED', worker?: string) =>
  stack.client.setState({
    id,
    body: { state: { type, state_details: { transition_id: randomUUID() } } },
    headers: worker ? { 'x-prefect-worker-name': worker } : {},
  });

const poolSlots = (name: string) => stack.client.readWorkPoolSlots({ name });

/** A first limit settles by the server's clock: it is moved on while the setter waits. */
async function settled(setting: Promise<unknown>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  clock.jump(13 * SECOND);
  await setting;
}

test('a pool hands out as many runs as it has slots; each end of a claim frees one', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client, { poolLimit: 2 });
  await createRuns(client, deployment.id, 5);
  const me = await openSession(client, pool);
  const first = (await claimRuns(client, pool, me, { limit: 5 })).runs;
  expect(first).toHaveLength(2);
  expect(await claimRuns(client, pool, me, { limit: 5 })).toEqual({ runs: [], retry_after: 2 });
  expect((await client.readWorkPool({ name: pool })).active_slots).toBe(2);
  const { slots, ...limit } = await poolSlots(pool);
  expect(limit).toEqual({ concurrency_limit: 2, active_slots: 2, settling: false });
  expect(slots.map((slot) => slot.flow_run_id).sort()).toEqual(
    first.map((run) => run.flow_run.id).sort(),
  );
  expect(slots.every((slot) => slot.session_id === me.session && slot.attempt === 1)).toBe(true);

  const [finished, givenBack] = first;
  if (!finished || !givenBack) throw new Error('two were claimed');
  await propose(client, finished, 'RUNNING');
  await propose(client, finished, 'COMPLETED');
  expect((await claimRuns(client, pool, me, { limit: 5 })).runs).toHaveLength(1);
  await propose(client, givenBack, 'SCHEDULED');
  expect((await poolSlots(pool)).active_slots).toBe(1);
});

test('the slot of a dead agent is free when its runs are', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client, { poolLimit: 1 });
  await createRuns(client, deployment.id, 1);
  const dead = await openSession(client, pool);
  const alive = await openSession(client, pool);
  expect((await claimRuns(client, pool, dead)).runs).toHaveLength(1);
  await clock.pass(31 * SECOND, () => beat(client, pool, alive));
  expect((await claimRuns(client, pool, alive)).runs).toMatchObject([{ attempt: 2 }]);
  expect((await poolSlots(pool)).slots).toMatchObject([{ attempt: 2, session_id: alive.session }]);
});

test('a direct claim that meets a full limit is told so, and the run waits on in its place', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client, { poolLimit: 1 });
  const [a = '', b = ''] = await createRuns(client, deployment.id, 2);
  expect((await setState(a, 'PENDING', 'w1')).status).toBe('ACCEPT');
  const answer = await setState(b, 'PENDING', 'w2');
  expect(answer).toMatchObject({
    status: 'REJECT',
    state: { type: 'SCHEDULED', name: 'AwaitingConcurrencySlot' },
    details: { reason: 'The concurrency limit of the pool is full.' },
  });
  expect((await client.readFlowRun({ id: b })).state_name).toBe('Scheduled');
  expect((await setState(b, 'RUNNING')).status).toBe('REJECT');
  await setState(a, 'RUNNING', 'w1');
  await setState(a, 'COMPLETED', 'w1');
  expect((await setState(b, 'PENDING', 'w2')).status).toBe('ACCEPT');
  expect((await poolSlots(pool)).slots).toMatchObject([{ flow_run_id: b }]);
});

test('limits of a pool, a queue and a deployment hold together', async () => {
  const { client } = stack;
  const { pool, flow } = await createWork(client, { poolLimit: 3 });
  const queue = { name: 'narrow', concurrency_limit: 2 };
  await client.createWorkQueue({ name: pool, body: queue });
  const in_ = (name: string, more: object) =>
    client.createDeployment({
      body: { name, flow_id: flow.id, work_pool_name: pool, ...more },
    });
  const one = await in_('one', { concurrency_limit: 1, work_queue_name: 'narrow' });
  const many = await in_('many', { work_queue_name: 'narrow' });
  const wide = await in_('wide', {});
  for (const { id } of [one, many, wide]) await createRuns(client, id, 4);
  const me = await openSession(client, pool);
  const { runs } = await claimRuns(client, pool, me, { limit: 10 });
  const of = (id: string) => runs.filter((run) => run.flow_run.deployment_id === id).length;
  expect(runs).toHaveLength(3);
  expect(of(one.id)).toBeLessThanOrEqual(1);
  expect(of(one.id) + of(many.id)).toBeLessThanOrEqual(2);
  expect(await client.readWorkQueueSlots({ name: pool, queue: 'narrow' })).toMatchObject({
    concurrency_limit: 2,
    active_slots: of(one.id) + of(many.id),
  });
  expect((await client.readDeploymentSlots({ id: one.id })).active_slots).toBe(of(one.id));
  expect(await client.readDeployment({ id: one.id })).toMatchObject({
    concurrency_limit: null,
    global_concurrency_limit: { limit: 1, active_slots: of(one.id) },
    concurrency_options: null,
  });
});

test('under CANCEL_NEW a run that meets the full limit is cancelled, by either route', async () => {
  const { client } = stack;
  const { pool, flow } = await createWork(client);
  const deployment = await client.createDeployment({
    body: {
      name: 'c',
      flow_id: flow.id,
      work_pool_name: pool,
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: 'CANCEL_NEW' },
    },
  });
  const me = await openSession(client, pool);
  await createRuns(client, deployment.id, 3);
  expect((await claimRuns(client, pool, me, { limit: 3 })).runs).toHaveLength(1);
  const [next = ''] = await createRuns(client, deployment.id, 1);
  expect(await setState(next, 'PENDING', 'w')).toMatchObject({
    status: 'REJECT',
    state: { type: 'CANCELLED' },
  });
  const runs = await client.filterFlowRuns({
    body: { flow_runs: { deployment_id: { any_: [deployment.id] } } },
  });
  expect(runs.map(({ state_type }) => state_type).sort()).toEqual([
    'CANCELLED',
    'CANCELLED',
    'CANCELLED',
    'PENDING',
  ]);
});

test('a lowered limit admits nothing until enough has ended, a raised one at once', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client, { poolLimit: 4 });
  await createRuns(client, deployment.id, 10);
  const me = await openSession(client, pool);
  const held = (await claimRuns(client, pool, me, { limit: 9, start: true })).runs;
  expect(held).toHaveLength(4);
  await client.updateWorkPool({ name: pool, body: { concurrency_limit: 2 } });
  for (const left of [0, 0, 1]) {
    const run = held.pop();
    if (run) await propose(client, run, 'COMPLETED');
    const more = (await claimRuns(client, pool, me, { limit: 9 })).runs;
    expect(more).toHaveLength(left);
  }
  await client.updateWorkPool({ name: pool, body: { concurrency_limit: 5 } });
  expect((await claimRuns(client, pool, me, { limit: 9 })).runs).toHaveLength(3);
  await client.updateWorkPool({ name: pool, body: { concurrency_limit: 0 } });
  expect((await claimRuns(client, pool, me, { limit: 9 })).runs).toEqual([]);
  await client.updateWorkPool({ name: pool, body: { concurrency_limit: null } });
  clock.jump(2 * SECOND);
  expect((await claimRuns(client, pool, me, { limit: 9 })).runs).toHaveLength(2);
});

test('a first limit counts what was claimed before it, and admits nothing until it has', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 6);
  const me = await openSession(client, pool);
  const before = (await claimRuns(client, pool, me, { limit: 3, start: true })).runs;
  const setting = client.updateWorkPool({ name: pool, body: { concurrency_limit: 4 } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await poolSlots(pool)).settling).toBe(true);
  clock.jump(3 * SECOND);
  expect((await claimRuns(client, pool, me, { limit: 9 })).runs).toEqual([]);
  await settled(setting);
  expect(await poolSlots(pool)).toMatchObject({ active_slots: 3, settling: false });
  expect((await claimRuns(client, pool, me, { limit: 9 })).runs).toHaveLength(1);
  for (const run of before) await propose(client, run, 'COMPLETED');
  expect((await poolSlots(pool)).active_slots).toBe(1);
});

test('of two changes of a limit at once, the record says what the limit is', async () => {
  const { client } = stack;
  for (let round = 0; round < 5; round++) {
    const { pool } = await createWork(client);
    const set = (concurrency_limit: number | null) =>
      client.updateWorkPool({ name: pool, body: { concurrency_limit } });
    await Promise.all([set(1), set(null), set(2), set(null)]);
    const { concurrency_limit } = await client.readWorkPool({ name: pool });
    expect((await poolSlots(pool)).concurrency_limit).toBe(concurrency_limit);
  }
});

test('who sets a first limit and dies over it leaves it to the next poll', async () => {
  const { client, context } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 3);
  const me = await openSession(client, pool);
  expect((await claimRuns(client, pool, me)).runs).toHaveLength(1);
  await updatePool(context, pool, { concurrencyLimit: 2 });
  clock.jump(3 * SECOND);
  expect((await claimRuns(client, pool, me, { limit: 3 })).runs).toEqual([]);
  clock.jump(9 * SECOND);
  await beat(client, pool, me);
  expect((await claimRuns(client, pool, me, { limit: 3 })).runs).toHaveLength(1);
  expect((await poolSlots(pool)).active_slots).toBe(2);
});

test('a deployment that gets a limit later gives its waiting runs a lane, and its held ones slots', async () => {
  const { client } = stack;
  const { pool, flow, deployment } = await createWork(client);
  const ids = await createRuns(client, deployment.id, 4);
  const me = await openSession(client, pool);
  expect((await claimRuns(client, pool, me)).runs).toHaveLength(1);
  await settled(
    client.createDeployment({
      body: {
        name: 'd',
        flow_id: flow.id,
        work_pool_name: pool,
        entrypoint: 'flows.ts:one',
        concurrency_limit: 2,
      },
    }),
  );
  expect((await client.readDeploymentSlots({ id: deployment.id })).active_slots).toBe(1);
  await beat(client, pool, me);
  const { runs } = await claimRuns(client, pool, me, { limit: 9 });
  expect(runs).toHaveLength(1);
  for (const run of runs) {
    await propose(client, run, 'RUNNING');
    await propose(client, run, 'COMPLETED');
  }
  clock.jump(SECOND);
  expect((await claimRuns(client, pool, me, { limit: 9 })).runs).toHaveLength(1);
  const waiting = (await stack.context.store.readRuns(ids)).filter((run) => !run.claim);
  expect(waiting.filter(({ stateType }) => stateType === 'SCHEDULED')).toMatchObject([
    { inLane: true },
  ]);
});

test('a run that its creator begins by hand needs a slot, too', async () => {
  const { client } = stack;
  const { pool, flow } = await createWork(client, { poolLimit: 1 });
  const begin = (worker: string) =>
    client.createFlowRun({
      body: { flow_id: flow.id, work_pool_name: pool, state: { type: 'RUNNING' } },
      headers: { 'x-prefect-worker-name': worker },
    });
  const first = await begin('w1');
  expect(first.state_type).toBe('RUNNING');
  expect(await begin('w2')).toMatchObject({ state_type: 'SCHEDULED', claimed_by: null });
  expect((await setState(first.id, 'COMPLETED', 'w1')).status).toBe('ACCEPT');
  expect((await begin('w3')).state_type).toBe('RUNNING');
});
