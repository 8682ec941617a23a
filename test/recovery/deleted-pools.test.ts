import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeployment } from '../../core/deployments/create-deployment.ts';
import { settleLimit } from '../../core/limits/set-limit.ts';
import { readPool } from '../../core/pools/pools.ts';
import { sweep } from '../../core/recovery/sweep.ts';
import type { Scope } from '../../model/limits.ts';
import type { StateType } from '../../model/runs/state.ts';
import { HOUR, MINUTE, SECOND } from '../../model/values/instant.ts';
import { beat, movableClock } from '../support/clock.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import {
  type ClaimedRun,
  claimRuns,
  createRuns,
  createWork,
  openSession,
  propose,
} from '../support/work.ts';

/** The table in core/pools/delete-queue.ts, row by row. */
const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

/** A pool with a limit, and a queue of it with a limit, of which an agent holds runs. */
async function scene(held: number) {
  const { client } = stack;
  const { pool, flow } = await createWork(client, { poolLimit: 50 });
  const body = { name: 'q', concurrency_limit: 50 };
  const queue = await client.createWorkQueue({ name: pool, body });
  const deployment = await client.createDeployment({
    body: { name: 'in-q', flow_id: flow.id, work_pool_name: pool, work_queue_name: 'q' },
  });
  const ids = await createRuns(client, deployment.id, held + 1);
  const me = await openSession(client, pool);
  const { runs } = await claimRuns(client, pool, me, { limit: held });
  expect(runs).toHaveLength(held);
  const mine = runs.map(({ flow_run, attempt }) => ({ id: flow_run.id, attempt }));
  const waiting = ids.find((id) => mine.every((run) => run.id !== id)) ?? '';
  const deleted = {
    pool: () => client.deleteWorkPool({ name: pool }),
    queue: () => client.deleteWorkQueueById({ id: queue.id }),
  };
  return { pool, queue, deployment, runs, mine, waiting, me, deleted };
}

const stateOf = async (id: string) => (await stack.client.readFlowRun({ id })).state_type;

/** Records are kept for two seconds. */
const forgetRecords = () => clock.jump(3 * SECOND);

const setState = async (id: string, type: StateType, worker?: string, force = false) => {
  const headers: Record<string, string> = worker ? { 'x-prefect-worker-name': worker } : {};
  const state = { type, state_details: { transition_id: randomUUID() } };
  return stack.client.setState({ id, body: { state, force }, headers });
};

describe.each(['pool', 'queue'] as const)('a %s is deleted', (what) => {
  test('what it held goes on: start, finish, fail and give back, and slots are freed', async () => {
    const { runs, deleted, queue } = await scene(3);
    const [one, two, three] = runs as [ClaimedRun, ClaimedRun, ClaimedRun];
    await deleted[what]();
    forgetRecords();
    expect((await propose(stack.client, one, 'RUNNING')).status).toBe('ACCEPT');
    expect((await propose(stack.client, one, 'COMPLETED')).status).toBe('ACCEPT');
    expect((await propose(stack.client, two, 'RUNNING')).status).toBe('ACCEPT');
    expect((await propose(stack.client, two, 'FAILED')).status).toBe('ACCEPT');
    expect((await propose(stack.client, three, 'SCHEDULED')).status).toBe('ACCEPT');
    const { store } = stack.context;
    for (const { flow_run } of runs) {
      expect((await store.readRun(flow_run.id))?.slots).toEqual([]);
    }
    expect(await store.readSlots({ kind: 'queue', id: queue.id })).toMatchObject({
      limit: { limit: null },
      held: [],
    });
  });

  test('a Prefect worker and a caller without a name finish what they hold, too', async () => {
    const { client } = stack;
    const { waiting, pool, deployment, deleted } = await scene(1);
    await client.workerHeartbeat({ name: pool, body: { name: 'w' } });
    const [other = ''] = await createRuns(client, deployment.id, 1);
    expect((await setState(waiting, 'PENDING', 'w')).status).toBe('ACCEPT');
    expect((await setState(other, 'PENDING')).status).toBe('ACCEPT');
    await deleted[what]();
    forgetRecords();
    expect((await setState(waiting, 'RUNNING', 'another')).status).toBe('ABORT');
    expect((await setState(waiting, 'RUNNING', 'w')).status).toBe('ACCEPT');
    expect((await setState(waiting, 'COMPLETED', 'w')).status).toBe('ACCEPT');
    expect((await setState(other, 'RUNNING')).status).toBe('ACCEPT');
    expect((await setState(other, 'COMPLETED')).status).toBe('ACCEPT');
  });

  test('what waited is there still, of no queue: nobody may claim it, and it may be cancelled', async () => {
    const { client } = stack;
    const { waiting, deployment, deleted } = await scene(1);
    await deleted[what]();
    forgetRecords();
    expect(await client.readFlowRun({ id: waiting })).toMatchObject({
      state_type: 'SCHEDULED',
      work_queue_id: null,
      work_queue_name: null,
      work_pool_name: null,
    });
    for (const worker of [undefined, 'w']) {
      expect(await setState(waiting, 'PENDING', worker)).toMatchObject({
        status: 'ABORT',
        state: { type: 'SCHEDULED' },
        details: { reason: expect.stringContaining('deleted') },
      });
    }
    expect((await setState(waiting, 'RUNNING', undefined, true)).status).toBe('ABORT');
    expect((await setState(waiting, 'CANCELLING')).state?.type).toBe('CANCELLED');
    // Its deployment is of no pool from now on.
    expect(await client.readDeployment({ id: deployment.id })).toMatchObject({
      work_queue_id: null,
      work_pool_name: null,
    });
    const run = await client.createFlowRunFromDeployment({ id: deployment.id, body: {} });
    expect(run).toMatchObject({ state_type: 'SCHEDULED', work_queue_id: null });
  });

  test('of an agent that dies then, runs are CRASHED: nobody would take them', async () => {
    const { mine, deleted, queue, pool } = await scene(2);
    await deleted[what]();
    const other = what === 'queue' ? await openSession(stack.client, pool) : undefined;
    const served = async () => {
      if (other) await beat(stack.client, pool, other);
      await sweep(stack.context);
    };
    await clock.pass(2 * MINUTE, served);
    for (const { id } of mine) expect(await stateOf(id)).toBe('CRASHED');
    const { held } = await stack.context.store.readSlots({ kind: 'queue', id: queue.id });
    expect(held).toEqual([]);
    const [first] = mine;
    const run = await stack.client.readFlowRun({ id: first?.id ?? '' });
    expect(run.state?.message).toContain('queue was deleted');
  });
});

describe('a pool is deleted', () => {
  test('its agent lives on while it holds runs, as if it were drained, and then gets 410', async () => {
    const { client } = stack;
    const { pool, me, mine, runs, deleted } = await scene(1);
    await deleted.pool();
    forgetRecords();
    // The next one of this name is another pool, and the agent claims nothing in it.
    await client.createWorkPool({ body: { name: pool } });
    const alive = async () => {
      const reply = await beat(client, pool, me, { runs: mine });
      expect(reply).toMatchObject({ draining: true, lost: [], unknown: [] });
      await sweep(stack.context);
    };
    await clock.pass(10 * MINUTE, alive);
    expect(await claimRuns(client, pool, me)).toMatchObject({ runs: [] });
    const [run] = runs as [ClaimedRun];
    expect((await propose(client, run, 'RUNNING')).status).toBe('ACCEPT');
    expect((await propose(client, run, 'COMPLETED')).status).toBe('ACCEPT');
    await expect(beat(client, pool, me)).rejects.toMatchObject({ code: 'session_ended' });
    await expect(claimRuns(client, pool, me)).rejects.toMatchObject({ code: 'session_ended' });
    await openSession(client, pool);
  });

  test('a claim that its agent does not know of is told to it first', async () => {
    const { client } = stack;
    const { pool, me, mine, deleted } = await scene(1);
    await deleted.pool();
    forgetRecords();
    const { unknown } = await beat(client, pool, me);
    expect(unknown.map(({ flow_run }) => flow_run.id)).toEqual(mine.map(({ id }) => id));
    expect(await beat(client, pool, me, { ended: true })).toMatchObject({ lost: [] });
    expect(await stateOf(mine[0]?.id ?? '')).toBe('CRASHED');
  });

  test('nobody opens a session in it, and one that never was there is 404', async () => {
    const { client } = stack;
    const { pool, deleted } = await scene(1);
    await deleted.pool();
    forgetRecords();
    await expect(openSession(client, pool)).rejects.toMatchObject({ code: 'work_pool_not_found' });
    const nobody = { session: randomUUID(), worker: 'w' };
    await expect(beat(client, pool, nobody)).rejects.toMatchObject({ code: 'work_pool_not_found' });
    await expect(client.workerHeartbeat({ name: pool, body: { name: 'w' } })).rejects.toMatchObject(
      {
        code: 'work_pool_not_found',
      },
    );
  });

  test('a claim of a Prefect worker that nothing follows is CRASHED, a RUNNING one is kept', async () => {
    const { client } = stack;
    const { pool, waiting, deployment, deleted } = await scene(1);
    const [running = '', prepared = ''] = await createRuns(client, deployment.id, 2);
    await client.workerHeartbeat({ name: pool, body: { name: 'w' } });
    for (const id of [waiting, running, prepared]) await setState(id, 'PENDING', 'w');
    await setState(running, 'RUNNING', 'w');
    await client.updateFlowRun({ id: prepared, body: { infrastructure_pid: '1' } });
    await deleted.pool();
    await clock.pass(10 * MINUTE, () => sweep(stack.context));
    expect(await stateOf(waiting)).toBe('CRASHED');
    expect(await stateOf(prepared)).toBe('PENDING');
    expect(await stateOf(running)).toBe('RUNNING');
    expect((await setState(prepared, 'RUNNING', 'w')).status).toBe('ACCEPT');
  });

  test('it is forgotten, with all that lay in it, once nothing of it is held', async () => {
    const { store } = stack.context;
    const { pool, mine, me, runs, deleted } = await scene(1);
    const { id } = await readPool(stack.context, pool);
    await deleted.pool();
    await clock.pass(6 * MINUTE, async () => {
      await beat(stack.client, pool, me, { runs: mine });
      await sweep(stack.context);
    });
    expect(await store.listDeletedPools(pool)).toHaveLength(1);
    await propose(stack.client, runs[0] as ClaimedRun, 'CRASHED');
    await beat(stack.client, pool, me).catch(() => undefined);
    await sweep(stack.context);
    expect(await store.listDeletedPools(pool)).toEqual([]);
    expect(await store.listSessions(id)).toEqual([]);
    expect(await store.listQueues(id, 'fresh')).toEqual([]);
  });

  test('who deleted it died over it: the next sweep clears its queues away', async () => {
    const { store } = stack.context;
    const { pool } = await createWork(stack.client);
    const record = await readPool(stack.context, pool);
    await store.deletePool(record, clock.now());
    expect(await store.listQueues(record.id, 'fresh')).toHaveLength(1);
    await sweep(stack.context);
    expect(await store.listQueues(record.id, 'fresh')).toEqual([]);
  });
});

test('a deleted queue is on record while runs wait in it, or may be given back to it', async () => {
  const { store } = stack.context;
  const { waiting, queue, deployment, deleted, runs } = await scene(1);
  await propose(stack.client, runs[0] as ClaimedRun, 'COMPLETED');
  const [held = ''] = await createRuns(stack.client, deployment.id, 1);
  expect((await setState(held, 'RUNNING')).status).toBe('ACCEPT');
  await deleted.queue();
  forgetRecords();
  /** After a sweep in the one minute of an hour in which it is looked at. */
  const isKept = async () => {
    const minute = Number.parseInt(queue.id.slice(-4), 16) % 60;
    const at = Math.floor((clock.now() % HOUR) / MINUTE);
    clock.jump(((minute - at + 60) % 60) * MINUTE);
    await sweep(stack.context);
    return (await store.listDeletedQueues()).some(({ id }) => id === queue.id);
  };
  expect(await isKept()).toBe(true);
  expect((await setState(waiting, 'CANCELLING')).state?.type).toBe('CANCELLED');
  expect(await isKept()).toBe(true);
  expect((await setState(held, 'COMPLETED')).status).toBe('ACCEPT');
  expect(await isKept()).toBe(false);
});

test('a first limit counts what is held in a pool that was deleted', async () => {
  const { context, client } = stack;
  const { deployment, deleted, mine } = await scene(1);
  await deleted.pool();
  forgetRecords();
  const next = await createWork(client);
  const { flow_id: flowId, name } = deployment;
  const wish = { flowId, name, poolName: next.pool, concurrencyLimit: 1 };
  const { settling } = await createDeployment(context, wish);
  clock.jump(13 * SECOND);
  expect(await settleLimit(context, settling as Scope)).toBe(true);
  const { held } = await context.store.readSlots(settling as Scope);
  expect(held.map(({ runId }) => runId)).toEqual(mine.map(({ id }) => id));
});
