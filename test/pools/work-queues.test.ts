import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE, SECOND, toIso } from '../../model/values/instant.ts';
import { movableClock } from '../support/clock.ts';
import { request, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createPool, createRuns, createWork, openSession } from '../support/work.ts';

const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

const { send } = requestsTo(() => stack);

const newPool = () => createPool(stack.client);

const priorities = async (name: string) =>
  (await stack.client.filterWorkQueues({ name, body: {} })).map(
    (queue) => `${queue.priority} ${queue.name}`,
  );

describe('by its id a queue', () => {
  test('is polled by a worker, but not by whoever only looks at it', async () => {
    const { client } = stack;
    const { name } = await newPool();
    const queue = await client.createWorkQueue({ name, body: { name: 'q' } });
    const path = `/work_queues/${queue.id}`;
    const look = { 'x-prefect-ui': 'true' };
    await request(stack, 'POST', `${path}/get_runs`, {}, look);
    expect((await send('GET', path)).body).toMatchObject({ status: 'NOT_READY' });
    await request(stack, 'POST', `${path}/get_runs`, {});
    expect((await send('GET', path)).body).toMatchObject({ status: 'READY' });
  });

  test('is told when it was polled', async () => {
    const { client } = stack;
    const { name } = await newPool();
    const queue = await client.createWorkQueue({ name, body: { name: 'q' } });
    const path = `/work_queues/${queue.id}`;
    const polled = async (at: number) => {
      await send('PATCH', path, { last_polled: toIso(at) });
      return (await send('GET', path)).body;
    };
    expect(await polled(clock.now() - 10 * SECOND)).toMatchObject({ status: 'READY' });
    const long = clock.now() - 2 * MINUTE;
    const told = await polled(long);
    expect(told.status).toBe('NOT_READY');
    expect(Date.parse(told.last_polled)).toBe(Math.floor(long / 1000));
    expect(await send('PATCH', path, { last_polled: 'yesterday' })).toMatchObject({ status: 422 });
  });

  test('is read, changed and deleted', async () => {
    const { client } = stack;
    const { name } = await newPool();
    const queue = await client.createWorkQueue({ name, body: { name: 'q' } });
    const path = `/work_queues/${queue.id}`;
    expect(await send('GET', path)).toEqual({ status: 200, body: queue });
    const change = { concurrency_limit: 7, is_paused: true, description: 'it' };
    expect((await send('PATCH', path, change)).status).toBe(204);
    expect((await send('GET', path)).body).toMatchObject({ ...change, status: 'PAUSED' });
    expect((await send('PATCH', path, { concurrency_limit: null })).status).toBe(204);
    expect((await send('GET', path)).body).toMatchObject({ concurrency_limit: null });
    expect((await send('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expect(await send(method, path)).toMatchObject({
        status: 404,
        body: { code: 'work_queue_not_found' },
      });
    }
    expect((await send('PATCH', path, { is_paused: true })).status).toBe(404);
    expect((await send('GET', `${path}/status`)).status).toBe(404);
    expect((await send('POST', `${path}/concurrency_status`)).status).toBe(404);
    expect(await send('GET', `/work_pools/${name}/queues/q`)).toMatchObject({
      status: 404,
      body: { detail: `Work pool queue '${name}/q' not found.` },
    });
  });

  test('keeps its name', async () => {
    const { name } = await newPool();
    const { id } = await stack.client.createWorkQueue({ name, body: { name: 'q' } });
    expect((await send('PATCH', `/work_queues/${id}`, { name: 'q' })).status).toBe(204);
    expect(await send('PATCH', `/work_queues/${id}`, { name: 'r' })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('"q"') },
    });
  });
});

test('a queue is deleted by its name; the default queue of a pool is not', async () => {
  const { name, default_queue_id: id } = await newPool();
  await stack.client.createWorkQueue({ name, body: { name: 'q' } });
  expect((await send('DELETE', `/work_pools/${name}/queues/q`)).status).toBe(204);
  expect((await send('DELETE', `/work_pools/${name}/queues/q`)).status).toBe(404);
  expect(await priorities(name)).toEqual(['1 default']);
  for (const path of [`/work_pools/${name}/queues/default`, `/work_queues/${id}`]) {
    expect(await send('DELETE', path)).toMatchObject({
      status: 409,
      body: { code: 'work_queue_is_default' },
    });
  }
});

describe('priorities', () => {
  test('a new queue takes the first free one, or the one it names: others step back for it', async () => {
    const { name } = await newPool();
    const create = (queue: string, priority?: number) =>
      stack.client.createWorkQueue({
        name,
        body: { name: queue, ...(priority ? { priority } : {}) },
      });
    await create('b');
    await create('d', 4);
    await create('first', 1);
    expect(await priorities(name)).toEqual(['1 first', '2 default', '3 b', '4 d']);
    await stack.client.updateWorkQueue({ name, queue: 'd', body: { priority: 2 } });
    expect(await priorities(name)).toEqual(['1 first', '2 d', '3 default', '4 b']);
    expect(
      (await send('POST', `/work_pools/${name}/queues`, { name: 'x', priority: 0 })).status,
    ).toBe(422);
  });

  test('queues that are created, or moved, at the same time get one each', async () => {
    const { name } = await newPool();
    const create = (i: number) =>
      stack.client.createWorkQueue({
        name,
        body: { name: `q${i}`, ...(i % 3 === 0 ? { priority: 1 } : {}) },
      });
    await Promise.all(Array.from({ length: 12 }, (_, i) => create(i)));
    const move = (i: number) =>
      stack.client.updateWorkQueue({ name, queue: `q${i}`, body: { priority: 2 } });
    await Promise.all(Array.from({ length: 6 }, (_, i) => move(i)));
    const taken = (await priorities(name)).map((one) => one.split(' ')[0]);
    expect(new Set(taken).size).toBe(13);
  });
});

describe('a queue without a pool', () => {
  test('lands in default-agent-pool, which is there from then on', async () => {
    const name = `old-${randomUUID()}`;
    expect((await send('GET', `/work_queues/name/${name}`)).status).toBe(404);
    const created = await Promise.all([
      send('POST', '/work_queues/', { name }),
      send('POST', '/work_queues', { name: `${name}-2` }),
    ]);
    expect(created.map(({ status }) => status)).toEqual([201, 201]);
    expect(created[0]?.body).toMatchObject({ name, work_pool_name: 'default-agent-pool' });
    expect(await send('POST', '/work_queues/', { name })).toMatchObject({
      status: 409,
      body: { code: 'work_queue_exists' },
    });
    expect(await send('GET', `/work_queues/name/${name}`)).toEqual({
      status: 200,
      body: created[0]?.body,
    });
    expect((await send('GET', '/work_pools/default-agent-pool')).body).toMatchObject({
      type: 'prefect-agent',
      status: null,
    });
  });
});

test('queues are filtered by id and name, in a pool by priority and in all pools by name', async () => {
  const [one, two] = [await newPool(), await newPool()];
  const tag = randomUUID().slice(0, 8);
  const create = (name: string, queue: string) =>
    stack.client.createWorkQueue({ name, body: { name: `${tag}-${queue}` } });
  const z = await create(one.name, 'z');
  await create(two.name, 'a');
  await create(one.name, 'm');
  const names = async (path: string, work_queues: object) =>
    (await send('POST', path, { work_queues, limit: null })).body.map(
      (queue: { name: string }) => queue.name,
    );
  const mine = { name: { startswith_: [`${tag}-`] } };
  expect(await names('/work_queues/filter', mine)).toEqual(
    ['a', 'm', 'z'].map((name) => `${tag}-${name}`),
  );
  expect(await names('/work_queues/filter', { id: { any_: [z.id] } })).toEqual([z.name]);
  expect(await names('/work_queues/filter', { name: { any_: [] } })).toEqual([]);
  const inOne = `/work_pools/${one.name}/queues/filter`;
  expect(await names(inOne, mine)).toEqual([`${tag}-z`, `${tag}-m`]);
  const either = { operator: 'or_', id: { any_: [z.id] }, name: { any_: ['default'] } };
  expect(await names(inOne, either)).toEqual(['default', `${tag}-z`]);
  expect((await send('POST', '/work_queues/filter', { limit: 1 })).body).toHaveLength(1);
  expect((await send('POST', '/work_queues/filter')).status).toBe(200);
});

describe('a queue that is polled', () => {
  test('is READY for a minute, and so are its deployments', async () => {
    const { client } = stack;
    const { pool: name, deployment } = await createWork(client);
    const me = await openSession(client, name);
    const look = async () => ({
      queue: await client.readWorkQueue({ name, queue: 'default' }),
      deployment: await client.readDeployment({ id: deployment.id }),
    });
    const never = { status: 'NOT_READY', last_polled: null };
    expect(await look()).toMatchObject({ queue: never, deployment: never });
    clock.jump(2 * SECOND);
    const before = clock.now();
    await claimRuns(client, name, me);
    const { queue, deployment: polled } = await look();
    expect({ queue, polled }).toMatchObject({
      queue: { status: 'READY' },
      polled: { status: 'READY', last_polled: queue.last_polled },
    });
    expect(Date.parse(queue.last_polled ?? '') * 1000).toBeGreaterThan(before - 1000);
    clock.jump(MINUTE + SECOND);
    expect(await look()).toMatchObject({
      queue: { status: 'NOT_READY', last_polled: queue.last_polled },
      deployment: { status: 'NOT_READY' },
    });
    await client.updateWorkQueue({ name, queue: 'default', body: { is_paused: true } });
    expect((await look()).queue.status).toBe('PAUSED');
  });

  test('has one stamp in half a minute, however often it is polled', async () => {
    const { client } = stack;
    const { pool: name } = await createWork(client);
    const me = await openSession(client, name);
    const polledAt = async () =>
      (await client.readWorkQueue({ name, queue: 'default' })).last_polled;
    await claimRuns(client, name, me);
    const first = await polledAt();
    clock.jump(20 * SECOND);
    await claimRuns(client, name, me);
    expect(await polledAt()).toBe(first);
    clock.jump(11 * SECOND);
    await openSession(client, name).then((again) => claimRuns(client, name, again));
    expect(Date.parse((await polledAt()) ?? '')).toBeGreaterThan(Date.parse(first ?? ''));
  });

  test('is healthy while none of its runs is late', async () => {
    const { client } = stack;
    const { pool: name, deployment } = await createWork(client);
    const { id } = await client.readWorkQueue({ name, queue: 'default' });
    const status = async () => (await send('GET', `/work_queues/${id}/status`)).body;
    expect(await status()).toEqual({
      healthy: false,
      late_runs_count: 0,
      last_polled: null,
      health_check_policy: { maximum_late_runs: 0, maximum_seconds_since_last_polled: 60 },
    });
    await claimRuns(client, name, await openSession(client, name));
    expect(await status()).toMatchObject({ healthy: true, late_runs_count: 0 });
    await createRuns(client, deployment.id, 3);
    expect(await status()).toMatchObject({ healthy: true });
    clock.jump(16 * SECOND);
    expect(await status()).toMatchObject({ healthy: false, late_runs_count: 3 });
  });
});

test('which runs are held is told by queue and in pages', async () => {
  const { client } = stack;
  const { pool: name, deployment } = await createWork(client, { poolLimit: 9 });
  const empty = await client.createWorkQueue({ name, body: { name: 'empty' } });
  const me = await openSession(client, name);
  const ids = await createRuns(client, deployment.id, 3);
  await createRuns(client, deployment.id, 1);
  await claimRuns(client, name, me, { limit: 3 });
  const { default_queue_id: id } = await client.readWorkPool({ name });
  const ofPool = await send('POST', `/work_pools/${name}/concurrency_status`, {
    flow_run_limit: 2,
    page: 1,
    limit: 1,
  });
  expect(ofPool).toMatchObject({
    status: 200,
    body: {
      active_slots: 3,
      concurrency_limit: 9,
      queues: [{ queue_id: id, queue_name: 'default', active_slots: 3, flow_run_count: 3 }],
      count: 2,
      limit: 1,
      pages: 2,
      page: 1,
    },
  });
  const [queue] = ofPool.body.queues;
  expect(queue.flow_runs).toHaveLength(2);
  expect(queue.flow_runs[0]).toEqual({
    id: expect.any(String),
    name: expect.any(String),
    state_type: 'PENDING',
    state_name: 'Pending',
    start_time: null,
    state_timestamp: expect.any(String),
    time_in_current_state: expect.any(Number),
  });
  const second = { page: 2, limit: 2 };
  const ofQueue = await send('POST', `/work_queues/${id}/concurrency_status`, second);
  expect(ofQueue.body).toMatchObject({ active_slots: 3, count: 3, pages: 2, page: 2 });
  expect(ofQueue.body.flow_runs).toHaveLength(1);
  expect(ids.length).toBe(3);
  const ofEmpty = await send('POST', `/work_queues/${empty.id}/concurrency_status`);
  expect(ofEmpty.body).toMatchObject({ active_slots: 0, flow_runs: [], count: 0, pages: 0 });
  expect((await send('POST', '/work_pools/none/concurrency_status')).status).toBe(404);
});
