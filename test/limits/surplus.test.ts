import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweep } from '../../core/recovery/sweep.ts';
import { SECOND } from '../../model/values/instant.ts';
import { movableClock } from '../support/clock.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createWork, openSession } from '../support/work.ts';

const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

/** Under CANCEL_NEW, nobody comes to try the runs that exceed a limit. Why not: */
const WHY = {
  'the pool is full': (pool: string, _queue: string) =>
    request(stack, 'PATCH', `/work_pools/${pool}`, { concurrency_limit: 1 }),
  'the queue is full': (pool: string, queue: string) =>
    request(stack, 'PATCH', `/work_pools/${pool}/queues/${queue}`, { concurrency_limit: 1 }),
  'the pool is paused': (pool: string, _queue: string) =>
    request(stack, 'PATCH', `/work_pools/${pool}`, { is_paused: true }),
  'the queue is paused': (pool: string, queue: string) =>
    request(stack, 'PATCH', `/work_pools/${pool}/queues/${queue}`, { is_paused: true }),
  'nobody polls': async () => undefined,
};

/** A deployment with one slot, which a run holds, and three runs that are due. */
async function pileUp() {
  const { client } = stack;
  const { pool, flow } = await createWork(client);
  const queue = `q-${pool}`;
  await request(stack, 'POST', `/work_pools/${pool}/queues`, { name: queue });
  const limit = {
    concurrency_limit: 1,
    concurrency_options: { collision_strategy: 'CANCEL_NEW' as const },
  };
  const { id } = await client.createDeployment({
    body: {
      ...{ name: 'd', flow_id: flow.id, work_pool_name: pool, work_queue_name: queue },
      ...limit,
    },
  });
  const create = async () =>
    (await client.createFlowRunFromDeployment({ id, body: {} })).id as string;
  const first = await create();
  const late = [await create(), await create(), await create()];
  const state = { type: 'PENDING' as const };
  expect((await client.setState({ id: first, body: { state } })).status).toBe('ACCEPT');
  const names = async () => {
    const runs = { flow_runs: { id: { any_: late } } };
    const { body } = await request(stack, 'POST', '/flow_runs/filter', runs);
    return [...new Set(body.map((run: { state_type: string }) => run.state_type))];
  };
  return { pool, queue, first, late, names };
}

describe('what exceeds a limit under CANCEL_NEW', () => {
  test.each(Object.keys(WHY) as (keyof typeof WHY)[])('is cancelled when %s', async (why) => {
    const at = clock.now();
    const { pool, queue, names } = await pileUp();
    await WHY[why](pool, queue);
    // While they are not late, however long this took on a busy machine, none is cancelled.
    await sweep({ ...stack.context, now: () => at + SECOND });
    expect(await names()).toEqual(['SCHEDULED']);
    clock.jump(16 * SECOND);
    const session = await openSession(stack.client, pool);
    if (why !== 'nobody polls') await claimRuns(stack.client, pool, session);
    await sweep(stack.context);
    expect(await names()).toEqual(['CANCELLED']);
  });

  test('is cancelled for whoever reads it, when it is late', async () => {
    const { late, names } = await pileUp();
    const [one = ''] = late;
    clock.jump(16 * SECOND);
    const { state } = await stack.client.readFlowRun({ id: one });
    expect(state).toMatchObject({
      type: 'CANCELLED',
      message: expect.stringMatching(/CANCEL_NEW/),
    });
    expect((await names()).sort()).toEqual(['CANCELLED', 'SCHEDULED']);
  });

  test('waits if a slot is free, whatever else is full', async () => {
    const { pool, first, names } = await pileUp();
    await request(stack, 'PATCH', `/work_pools/${pool}`, { is_paused: true });
    await stack.client.setState({ id: first, body: { state: { type: 'COMPLETED' } } });
    clock.jump(16 * SECOND);
    await sweep(stack.context);
    expect(await names()).toEqual(['SCHEDULED']);
  });
});
