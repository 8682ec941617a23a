import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, openSession } from '../support/work.ts';
import { deployer, FULL, SCHEMA } from './deployer.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, patch, post } = requestsTo(() => stack);
const { deployed, flowAndPool } = deployer(() => stack);

describe('a deployment that is changed', () => {
  test('has the given fields changed, and no others', async () => {
    const { at, deployment } = await deployed({ ...FULL, work_queue_name: 'q1' });
    expect((await patch(at, {})).status).toBe(204);
    const { updated, ...same } = deployment;
    expect((await get(at)).body).toMatchObject({
      ...same,
      global_concurrency_limit: { ...same.global_concurrency_limit, updated: expect.any(String) },
    });
    const change = {
      tags: ['n'],
      description: null,
      version: '2',
      paused: false,
      parameters: { a: 2 },
      entrypoint: 'e',
      path: null,
      pull_steps: null,
      concurrency_options: { collision_strategy: 'ENQUEUE', grace_period_seconds: 100 },
    };
    expect((await patch(at, change)).status).toBe(204);
    expect((await get(at)).body).toMatchObject({
      ...change,
      work_queue_name: 'q1',
      job_variables: { cpus: 1 },
    });
  });

  test('moves to the pool and the queue that are given, and out of its pool with null', async () => {
    const { at, pool } = await deployed();
    const other = (await flowAndPool()).pool;
    const place = async (change: object) => {
      expect((await patch(at, change)).status).toBe(204);
      const { work_pool_name: in_, work_queue_name: queue } = (await get(at)).body;
      return [in_, queue];
    };
    expect(await place({ work_queue_name: 'q2' })).toEqual([pool, 'q2']);
    expect(await place({ work_pool_name: other })).toEqual([other, 'default']);
    expect(await place({ work_pool_name: pool, work_queue_name: 'q3' })).toEqual([pool, 'q3']);
    expect(await place({ work_pool_name: null })).toEqual([null, null]);
    expect(await place({ work_queue_name: 'q4' })).toEqual(['default-agent-pool', 'q4']);
  });

  test('is held to its schema, though nothing is required: 409, and nothing changes', async () => {
    const { at } = await deployed({ parameter_openapi_schema: SCHEMA, parameters: { a: 1 } });
    for (const change of [
      { parameters: { a: 'x' } },
      { parameter_openapi_schema: { properties: { a: { type: 'string' } } } },
    ]) {
      const { status, body } = await patch(at, change);
      expect([status, body.code]).toEqual([409, 'parameters_invalid']);
    }
    expect((await get(at)).body).toMatchObject({
      parameters: { a: 1 },
      parameter_openapi_schema: SCHEMA,
    });
    expect((await patch(at, { parameters: {} })).status).toBe(204);
    const unchecked = { parameters: { a: 'x' }, enforce_parameter_schema: false };
    expect((await patch(at, unchecked)).status).toBe(204);
    expect((await patch(at, { description: 'as it is' })).status).toBe(204);
    expect((await patch(at, { enforce_parameter_schema: true })).status).toBe(409);
  });

  test('is paused and resumed', async () => {
    const { at } = await deployed();
    expect(await post(`${at}/pause_deployment`, undefined)).toEqual({ status: 200, body: null });
    expect((await get(at)).body.paused).toBe(true);
    expect(await post(`${at}/resume_deployment`, undefined)).toEqual({ status: 200, body: null });
    expect((await get(at)).body.paused).toBe(false);
  });

  test('by many at once keeps every change', async () => {
    const { at } = await deployed();
    const changes = [{ tags: ['n'] }, { description: 'x' }, { paused: true }, { version: '7' }];
    const all = await Promise.all(changes.map((change) => patch(at, change)));
    expect(all.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect((await get(at)).body).toMatchObject(Object.assign({}, ...changes));
  });

  test('a limit that is changed, and removed, is the one that holds', async () => {
    const { at, deployment, pool } = await deployed({ concurrency_limit: 1 });
    const agent = await openSession(stack.client, pool);
    await createRuns(stack.client, deployment.id, 3);
    const taken = async () =>
      (await claimRuns(stack.client, pool, agent, { limit: 3 })).runs.length;
    expect(await taken()).toBe(1);
    expect((await patch(at, { concurrency_limit: 2 })).status).toBe(204);
    expect((await get(at)).body.global_concurrency_limit).toMatchObject({
      limit: 2,
      active_slots: 1,
    });
    expect(await taken()).toBe(1);
    expect((await patch(at, { concurrency_limit: null })).status).toBe(204);
    expect((await get(at)).body.global_concurrency_limit).toBeNull();
    await expect.poll(taken, { timeout: 15_000 }).toBe(1);
  });
});
