import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createPool, createRuns, createWork, openSession } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const newPool = (more: object = {}) => createPool(stack.client, more);

const { send } = requestsTo(() => stack);

describe('a work pool', () => {
  test('is deleted with its queues: 204, and 404 from then on', async () => {
    const { name, default_queue_id: id } = await newPool();
    await stack.client.createWorkQueue({ name, body: { name: 'other' } });
    expect(await send('DELETE', `/work_pools/${name}`)).toEqual({ status: 204, body: undefined });
    const gone = { status: 404, body: { detail: `Work pool "${name}" not found.` } };
    expect(await send('GET', `/work_pools/${name}`)).toMatchObject(gone);
    expect(await send('DELETE', `/work_pools/${name}`)).toMatchObject(gone);
    expect(await send('POST', `/work_pools/${name}/queues/filter`, {})).toMatchObject(gone);
    expect(await send('GET', `/work_pools/${name}/queues/other`)).toMatchObject(gone);
    expect((await send('GET', `/work_queues/${id}`)).status).toBe(404);
    expect(await stack.context.store.listPools()).not.toContainEqual(
      expect.objectContaining({ name }),
    );
  });

  test('its runs live on, in no pool, and say so at once', async () => {
    const { pool, deployment } = await createWork(stack.client);
    const [id = ''] = await createRuns(stack.client, deployment.id, 1);
    expect(await stack.client.readFlowRun({ id })).toMatchObject({ work_pool_name: pool });
    await send('DELETE', `/work_pools/${pool}`);
    const nowhere = { work_pool_id: null, work_pool_name: null, work_queue_id: null };
    expect(await stack.client.readFlowRun({ id })).toMatchObject(nowhere);
  });

  test('may be created anew under its name: another pool, with queues of its own', async () => {
    const before = await newPool();
    const { name } = before;
    await stack.client.createWorkQueue({ name, body: { name: 'other' } });
    await send('DELETE', `/work_pools/${name}`);
    const after = await stack.client.createWorkPool({ body: { name } });
    expect(after.id).not.toBe(before.id);
    const queues = await stack.client.filterWorkQueues({ name, body: {} });
    expect(queues.map((queue) => queue.name)).toEqual(['default']);
  });

  test('its limit goes with it', async () => {
    const { name, id } = await newPool({ concurrency_limit: 3 });
    await send('DELETE', `/work_pools/${name}`);
    const { limit } = await stack.context.store.readSlots({ kind: 'pool', id });
    expect(limit).toMatchObject({ limit: null, version: 0 });
  });

  test.each(['prefect-x', 'PREFECT', 'Prefect:managed'])(
    'whose name is reserved (%s) is neither created, nor deleted, nor changed but for two things',
    async (name) => {
      const reserved = { status: 403, body: { code: 'work_pool_name_reserved' } };
      const path = `/work_pools/${encodeURIComponent(name)}`;
      expect(await send('POST', '/work_pools/', { name })).toMatchObject(reserved);
      expect(await send('DELETE', path)).toMatchObject(reserved);
      expect(await send('PATCH', path, { description: 'x' })).toMatchObject(reserved);
      // It is not there, but it may be paused and limited.
      expect((await send('PATCH', path, { is_paused: true })).status).toBe(404);
      expect((await send('PATCH', path, { concurrency_limit: 1 })).status).toBe(404);
    },
  );

  test('keeps its storage configuration, word for word; a change replaces it', async () => {
    const text =
      '{"bundle_upload_step":{"a":{"requires":"x","big":12345678901234567890,"f":1.0}},"bundle_execution_step":null}';
    const { name } = await newPool();
    const path = `/work_pools/${name}`;
    expect((await send('PATCH', path, `{"storage_configuration":${text}}`)).status).toBe(204);
    const read = await exchange(stack, 'GET', path);
    expect(read.text).toContain('{"a":{"requires":"x","big":12345678901234567890,"f":1.0}}');
    const block = randomUUID();
    await send('PATCH', path, {
      storage_configuration: { default_result_storage_block_id: block },
    });
    expect((await stack.client.readWorkPool({ name })).storage_configuration).toEqual({
      bundle_upload_step: null,
      bundle_execution_step: null,
      default_result_storage_block_id: block,
    });
    const unknown = { storage_configuration: { bundle_step: {} } };
    expect((await send('PATCH', `/work_pools/${name}`, unknown)).status).toBe(422);
  });

  test('is NOT_READY, READY with an agent, PAUSED; of type prefect-agent it has no status', async () => {
    const { client } = stack;
    const { name, status } = await newPool();
    expect(status).toBe('NOT_READY');
    await client.workerHeartbeat({ name, body: { name: 'w' } });
    expect((await client.readWorkPool({ name })).status).toBe('READY');
    await client.updateWorkPool({ name, body: { is_paused: true } });
    expect((await client.readWorkPool({ name })).status).toBe('PAUSED');
    expect((await newPool({ type: 'prefect-agent' })).status).toBeNull();
  });

  test('says how many slots are held only where it has a limit', async () => {
    const { client } = stack;
    const { pool, deployment } = await createWork(client, { poolLimit: 2 });
    await createRuns(client, deployment.id, 1);
    await claimRuns(client, pool, await openSession(client, pool));
    expect(await client.readWorkPool({ name: pool })).toMatchObject({ active_slots: 1 });
    expect((await newPool()).active_slots).toBeNull();
  });
});

test('pools are filtered and counted by id, name and type, under either operator', async () => {
  const one = await newPool({ type: `type-${randomUUID()}` });
  const two = await newPool();
  const both = [one.name, two.name].sort();
  const cases: Array<[object, string[]]> = [
    [{ id: { any_: [one.id, two.id] } }, both],
    [{ name: { any_: [two.name] } }, [two.name]],
    [{ type: { any_: [one.type] } }, [one.name]],
    [{ id: { any_: [two.id] }, type: { any_: [one.type] } }, []],
    [{ operator: 'or_', id: { any_: [two.id] }, type: { any_: [one.type] } }, both],
    [{ name: { any_: [] } }, []],
  ];
  for (const [work_pools, names] of cases) {
    const { body } = await send('POST', '/work_pools/filter', { work_pools });
    expect(body.map((pool: { name: string }) => pool.name)).toEqual(names);
    expect(await send('POST', '/work_pools/count', { work_pools })).toEqual({
      status: 200,
      body: names.length,
    });
  }
  expect((await send('POST', '/work_pools/count')).body).toBeGreaterThan(1);
  const wrong = { work_pools: { name: { like_: 'x' } } };
  expect((await send('POST', '/work_pools/filter', wrong)).status).toBe(422);
});
