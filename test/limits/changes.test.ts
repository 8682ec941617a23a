import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim } from '../../core/claims/claim.ts';
import { createDeployment } from '../../core/deployments/create-deployment.ts';
import { settleLimit } from '../../core/limits/set-limit.ts';
import { Memory } from '../../core/memory.ts';
import { updatePool } from '../../core/pools/pools.ts';
import type { StateType } from '../../model/runs/state.ts';
import type { Store } from '../../model/store.ts';
import { SECOND } from '../../model/values/instant.ts';
import { beat, movableClock } from '../support/clock.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

/** Limits that come later than what they are to hold for, and what may slip by them. */
const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

const setState = (id: string, type: StateType, worker?: string) =>
  stack.client.setState({
    id,
    body: { state: { type, state_details: { transition_id: randomUUID() } } },
    headers: worker ? { 'x-prefect-worker-name': worker } : {},
  });

const CANCEL_NEW = {
  concurrency_limit: 1,
  concurrency_options: { collision_strategy: 'CANCEL_NEW' as const },
};

test('a new deployment under CANCEL_NEW holds for an agent that polls already', async () => {
  const { client } = stack;
  const { pool, flow } = await createWork(client);
  const me = await openSession(client, pool);
  clock.jump(3 * SECOND);
  await claimRuns(client, pool, me, { limit: 3 });
  const body = { name: 'c', flow_id: flow.id, work_pool_name: pool, ...CANCEL_NEW };
  const { id } = await client.createDeployment({ body });
  await createRuns(client, id, 3);
  clock.jump(0.6 * SECOND);
  // By what it knows there is no such lane yet.
  const first = (await claimRuns(client, pool, me, { limit: 3 })).runs.length;
  clock.jump(2 * SECOND);
  const then = (await claimRuns(client, pool, me, { limit: 3 })).runs.length;
  expect(first + then).toBe(1);
});

test('a limit holds in every queue that runs of its deployment wait in', async () => {
  const { client, context } = stack;
  const { pool, flow, deployment } = await createWork(client);
  await client.createWorkQueue({ name: pool, body: { name: 'other' } });
  const elsewhere = { work_queue_name: 'other' };
  for (let runs = 0; runs < 4; runs++) {
    await client.createFlowRunFromDeployment({ id: deployment.id, body: elsewhere });
  }
  const me = await openSession(client, pool);
  const wish = { flowId: flow.id, name: 'd', poolName: pool, concurrencyLimit: 1 };
  const { settling } = await createDeployment(context, wish);
  clock.jump(13 * SECOND);
  expect(settling && (await settleLimit(context, settling))).toBe(true);
  await beat(client, pool, me);
  clock.jump(6 * SECOND);
  expect((await claimRuns(client, pool, me, { limit: 4 })).runs).toHaveLength(1);
});

test('nothing is cancelled by CANCEL_NEW while a first limit settles', async () => {
  const { client, context } = stack;
  const { pool, flow, deployment } = await createWork(client);
  const ids = await createRuns(client, deployment.id, 2);
  const me = await openSession(client, pool);
  await createDeployment(context, {
    flowId: flow.id,
    name: 'd',
    poolName: pool,
    concurrencyLimit: 5,
    collisionStrategy: 'CANCEL_NEW',
  });
  clock.jump(6 * SECOND);
  await beat(client, pool, me);
  expect((await claimRuns(client, pool, me, { limit: 4 })).runs).toEqual([]);
  const runs = await context.store.readRuns(ids);
  expect(runs.map(({ stateType }) => stateType)).toEqual(['SCHEDULED', 'SCHEDULED']);
});

test('a run that has ended and starts again waits for a slot, and is not cancelled for it', async () => {
  const { client } = stack;
  const { pool, flow } = await createWork(client);
  const body = { name: 'c', flow_id: flow.id, work_pool_name: pool, ...CANCEL_NEW };
  const { id } = await client.createDeployment({ body });
  const [a = '', b = ''] = await createRuns(client, id, 2);
  for (const type of ['PENDING', 'RUNNING', 'FAILED'] as const) await setState(a, type, 'w');
  expect((await setState(b, 'PENDING', 'w')).status).toBe('ACCEPT');
  expect((await setState(a, 'RUNNING', 'w')).status).toBe('WAIT');
  expect((await client.readFlowRun({ id: a })).state_type).toBe('FAILED');
});

test('a first limit counts runs of no pool, too', async () => {
  const { client, context } = stack;
  const flow = await client.createFlow({ body: { name: `served-${randomUUID()}` } });
  const { id } = await client.createDeployment({ body: { name: 's', flow_id: flow.id } });
  const [a = '', b = ''] = await createRuns(client, id, 2);
  expect((await setState(a, 'RUNNING')).status).toBe('ACCEPT');
  const wish = { flowId: flow.id, name: 's', concurrencyLimit: 1 };
  const { settling } = await createDeployment(context, wish);
  clock.jump(13 * SECOND);
  expect(settling && (await settleLimit(context, settling))).toBe(true);
  expect((await setState(b, 'RUNNING')).status).toBe('REJECT');
  await setState(a, 'COMPLETED');
  expect((await setState(b, 'RUNNING')).status).toBe('ACCEPT');
});

test('a claim call that lasts does not go on by what it read before a limit was set', async () => {
  const { client, context } = stack;
  const { pool, flow, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 9);
  const me = await openSession(client, pool);
  const set = (concurrencyLimit: number | null) =>
    createDeployment(context, { flowId: flow.id, name: 'd', poolName: pool, concurrencyLimit });
  // It has a lane from now on, and no limit.
  const { settling } = await set(3);
  clock.jump(13 * SECOND);
  if (settling) await settleLimit(context, settling);
  await set(null);
  clock.jump(3 * SECOND);
  await beat(client, pool, me);
  let tries = 0;
  let setAt = 0;
  const slow: Store['claim'] = async (attempt) => {
    tries += 1;
    if (tries === 1) {
      setAt = clock.now();
      await set(1);
    }
    if (tries > 3) return context.store.claim(attempt);
    clock.jump(3.02 * SECOND);
    return { won: false, run: undefined };
  };
  const slowly = { ...context, store: { ...context.store, claim: slow }, memory: new Memory() };
  const { runs } = await claim(slowly, {
    poolName: pool,
    sessionId: me.session,
    workerName: me.worker,
    claimId: randomUUID(),
    limit: 1,
    start: false,
    repeat: false,
  });
  const late = runs.filter((run) => (run.states.at(-1)?.at ?? 0) - setAt > 5 * SECOND);
  expect(late.filter(({ slots }) => slots.length === 0)).toEqual([]);
});

test('a first limit over many claims gives each its slot', async () => {
  const { client, context } = stack;
  const { pool, deployment } = await createWork(client);
  await createRuns(client, deployment.id, 150);
  const me = await openSession(client, pool);
  for (const limit of [100, 50]) await claimRuns(client, pool, me, { limit });
  const scope = await updatePool(context, pool, { concurrencyLimit: 10 });
  clock.jump(13 * SECOND);
  while (scope && !(await settleLimit(context, scope))) clock.jump(SECOND);
  expect((await client.readWorkPoolSlots({ name: pool })).active_slots).toBe(150);
});
