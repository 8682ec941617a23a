import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ToldClaim } from '../../core/context.ts';
import { MINUTE, SECOND, toIso } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** What Prefect's workers, its oldest agents and `serve()` are shown when they poll. */
let stack: TestStack;
const told: ToldClaim[] = [];
beforeAll(async () => {
  stack = await startTestStack({ context: { tell: (claim) => told.push(claim) } });
});
afterAll(() => stack.stop());

interface Poll {
  work_queue_names?: string[];
  scheduled_before?: string;
  scheduled_after?: string;
  limit?: number;
}
const poll = async (name: string, body: Poll = {}, worker?: string): Promise<string[]> => {
  const headers = worker ? { 'x-prefect-worker-name': worker } : {};
  const found = await stack.client.pollWorkPool({ name, body, headers });
  return found.map(({ flow_run: run }) => run.id);
};
const set = (id: string, type: 'PENDING' | 'RUNNING' | 'COMPLETED', worker?: string) =>
  stack.client.setState({
    id,
    body: { state: { type, state_details: { transition_id: randomUUID() } } },
    headers: worker ? { 'x-prefect-worker-name': worker } : {},
  });
const beat = (pool: string, name: string) =>
  stack.client.workerHeartbeat({ name: pool, body: { name } });

async function runIn(deployment: string, queue: string, at?: string): Promise<string> {
  const state = at ? { state: { type: 'SCHEDULED', state_details: { scheduled_time: at } } } : {};
  const run = await stack.client.createFlowRunFromDeployment({
    id: deployment,
    body: { work_queue_name: queue, ...(state as object) },
  });
  return run.id;
}

const iso = (fromNow: number) => toIso(Date.now() * 1000 + fromNow);

describe('a poll of a pool', () => {
  test('shows queues in their priority and, within a queue, what is due longest first', async () => {
    const { pool, deployment } = await createWork(stack.client);
    await stack.client.createWorkQueue({ name: pool, body: { name: 'urgent', priority: 1 } });
    const later = await runIn(deployment.id, 'default', iso(-MINUTE));
    const first = await runIn(deployment.id, 'default', iso(-2 * MINUTE));
    const urgent = await runIn(deployment.id, 'urgent');
    expect(await poll(pool)).toEqual([urgent, first, later]);
    expect(await poll(pool, { limit: 2 })).toEqual([urgent, first]);
    expect(await poll(pool, { work_queue_names: ['default'] })).toEqual([first, later]);
    expect(await poll(pool, { limit: 0 })).toEqual([]);
  });

  test('has the runs of a time, each with its state', async () => {
    const { pool, deployment } = await createWork(stack.client);
    const past = await runIn(deployment.id, 'default', iso(-MINUTE));
    const soon = await runIn(deployment.id, 'default', iso(5 * SECOND));
    const far = await runIn(deployment.id, 'default', iso(MINUTE));
    const pythons = iso(10 * SECOND)
      .replace('T', ' ')
      .replace('Z', '+00:00');
    expect(await poll(pool, { scheduled_before: pythons })).toEqual([past, soon]);
    expect(await poll(pool, { scheduled_after: iso(0) })).toEqual([soon, far]);
    expect(await poll(pool)).toEqual([past, soon, far]);
    const [shown] = await stack.client.pollWorkPool({ name: pool, body: {} });
    expect(shown?.flow_run).toMatchObject({
      state: { type: 'SCHEDULED', name: 'Late' },
      state_type: 'SCHEDULED',
      state_name: 'Late',
    });
    expect(shown?.work_queue_id).toBe(shown?.flow_run.work_queue_id);
  });

  test('shows nothing of what is paused, claimed or over, and claims nothing', async () => {
    const { pool, deployment } = await createWork(stack.client);
    const [a = '', b = ''] = await createRuns(stack.client, deployment.id, 2);
    expect((await poll(pool)).sort()).toEqual([a, b].sort());
    await set(a, 'PENDING');
    expect(await poll(pool)).toEqual([b]);
    await stack.client.updateWorkQueue({ name: pool, queue: 'default', body: { is_paused: true } });
    expect(await poll(pool)).toEqual([]);
  });

  test('shows no more than the slots of pool, queue and deployment that are free', async () => {
    const limited = await createWork(stack.client, { poolLimit: 2 });
    await createRuns(stack.client, limited.deployment.id, 5);
    const [first = ''] = await poll(limited.pool);
    expect(await poll(limited.pool)).toHaveLength(2);
    expect((await set(first, 'PENDING')).status).toBe('ACCEPT');
    expect(await poll(limited.pool)).toHaveLength(1);

    const { pool, flow, deployment } = await createWork(stack.client);
    const one = await stack.client.createDeployment({
      body: { name: 'one', flow_id: flow.id, work_pool_name: pool, concurrency_limit: 1 },
    });
    const [blocked = ''] = await createRuns(stack.client, one.id, 3);
    const [free = ''] = await createRuns(stack.client, deployment.id, 1);
    const shown = await poll(pool);
    expect(shown).toHaveLength(2);
    expect(shown).toContain(free);
    expect((await set(blocked, 'PENDING')).status).toBe('ACCEPT');
    expect(await poll(pool)).toEqual([free]);
  });

  test('deals a long queue out among live workers, and hides nothing from one alone', async () => {
    const { pool, deployment } = await createWork(stack.client);
    const ids = await createRuns(stack.client, deployment.id, 60);
    await beat(pool, 'a');
    expect((await poll(pool, { limit: 60 }, 'a')).sort()).toEqual([...ids].sort());
    await beat(pool, 'b');
    const [ofA, ofB] = await Promise.all([
      poll(pool, { limit: 15 }, 'a'),
      poll(pool, { limit: 15 }, 'b'),
    ]);
    expect([ofA?.length, ofB?.length]).toEqual([15, 15]);
    expect(new Set([...(ofA ?? []), ...(ofB ?? [])]).size).toBeGreaterThan(25);
    expect(await poll(pool, { limit: 60 }, 'b')).toHaveLength(60);
  });

  test('shows nothing to a worker that is being drained', async () => {
    const { pool, deployment } = await createWork(stack.client);
    await createRuns(stack.client, deployment.id, 1);
    await beat(pool, 'tired');
    const [worker] = await stack.client.readWorkers({ name: pool });
    await stack.client.drainAgent({
      name: pool,
      session_id: worker?.id ?? '',
      body: { by: 'a test' },
    });
    expect(await poll(pool, {}, 'tired')).toEqual([]);
    expect(await poll(pool, {}, 'fresh')).toHaveLength(1);
  });

  test('tells an unknown pool or queue by 404, and a page too long by 422', async () => {
    const { pool } = await createWork(stack.client);
    await expect(poll(`no-${pool}`)).rejects.toMatchObject({ status: 404 });
    await expect(poll(pool, { work_queue_names: ['no'] })).rejects.toMatchObject({ status: 404 });
    await expect(poll(pool, { limit: 201 })).rejects.toMatchObject({ status: 422 });
    // One that was made a moment ago is known at once.
    await stack.client.createWorkQueue({ name: pool, body: { name: 'new' } });
    expect(await poll(pool, { work_queue_names: ['new'] })).toEqual([]);
  });

  test('an old agent polls one queue by its id', async () => {
    const { pool, deployment } = await createWork(stack.client);
    const [id = ''] = await createRuns(stack.client, deployment.id, 1);
    const { id: queue } = await stack.client.readWorkQueue({ name: pool, queue: 'default' });
    const [run] = await stack.client.pollWorkQueue({ id: queue, body: { limit: 5 } });
    expect(run).toMatchObject({ id, state: { type: 'SCHEDULED' } });
    const unknown = stack.client.pollWorkQueue({ id: randomUUID(), body: {} });
    await expect(unknown).rejects.toMatchObject({ status: 404 });
  });
});

test('each claim is told once, with who holds the run from then on', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const [a = '', b = ''] = await createRuns(stack.client, deployment.id, 2);
  await beat(pool, 'w');
  // The first is read before it is written, the second is known from a poll.
  await set(a, 'PENDING', 'w');
  await poll(pool, {}, 'w');
  await set(b, 'PENDING', 'w');
  for (const id of [a, b]) await set(id, 'RUNNING', 'w');
  const [worker] = await stack.client.readWorkers({ name: pool });
  const claims = told.filter(({ runId }) => runId === a || runId === b);
  expect(claims).toEqual([a, b].map((runId) => ({ runId, sessionId: worker?.id, worker: 'w' })));
});

describe('who serves deployments', () => {
  const served = async (ids: string[], limit?: number) =>
    (
      await stack.client.pollDeployments({
        body: { deployment_ids: ids, ...(limit === undefined ? {} : { limit }) },
      })
    ).map(({ id }) => id);

  test('is shown their runs, claims them, and may put them back', async () => {
    const flow = await stack.client.createFlow({ body: { name: `served-${randomUUID()}` } });
    const { id } = await stack.client.createDeployment({ body: { name: 'd', flow_id: flow.id } });
    const [a = '', b = ''] = await createRuns(stack.client, id, 2);
    expect((await served([id, randomUUID()])).sort()).toEqual([a, b].sort());
    expect(await served([id], 1)).toHaveLength(1);
    expect((await set(a, 'PENDING')).status).toBe('ACCEPT');
    expect((await set(a, 'PENDING')).status).toBe('ABORT');
    expect(await served([id])).toEqual([b]);
    await set(a, 'RUNNING');
    expect((await set(a, 'COMPLETED')).status).toBe('ACCEPT');
    const again = { type: 'SCHEDULED' } as const;
    const answer = await stack.client.setState({ id: a, body: { state: again, force: true } });
    expect(answer.status).toBe('ACCEPT');
    expect((await served([id])).sort()).toEqual([a, b].sort());
  });

  test('makes them READY, and a deployment in a pool is what its queue is', async () => {
    const { client } = stack;
    const flow = await client.createFlow({ body: { name: `served-${randomUUID()}` } });
    const { id } = await client.createDeployment({ body: { name: 'd', flow_id: flow.id } });
    const { deployment } = await createWork(client);
    const seen = async (of: string) => {
      const [listed] = await client.filterDeployments({
        body: { deployments: { id: { any_: [of] } } },
      });
      expect(await client.readDeployment({ id: of })).toEqual(listed);
      return { status: listed?.status, polled: listed?.last_polled !== null };
    };
    expect(await seen(id)).toEqual({ status: 'NOT_READY', polled: false });
    await served([id, deployment.id]);
    expect(await seen(id)).toEqual({ status: 'READY', polled: true });
    expect(await seen(deployment.id)).toEqual({ status: 'NOT_READY', polled: false });
  });

  test('is shown the runs of a deployment in a pool, too', async () => {
    const { deployment } = await createWork(stack.client);
    const other = await createWork(stack.client);
    const [id = ''] = await createRuns(stack.client, deployment.id, 1);
    await createRuns(stack.client, other.deployment.id, 1);
    expect(await served([deployment.id])).toEqual([id]);
  });
});
