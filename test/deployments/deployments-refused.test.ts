import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { deployer, SCHEMA } from './deployer.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, patch, post, remove } = requestsTo(() => stack);
const { deployed, flowAndPool } = deployer(() => stack);

describe('what is wrong with a deployment is said', () => {
  const ID = '5f3c1f5e-0f6b-4c56-8a0a-2f0b9a3d7f10';
  const bad: [string, object, number, string][] = [
    ['an unknown pool', { work_pool_name: 'nope' }, 404, 'work_pool_not_found'],
    ['an unknown flow', { flow_id: ID }, 409, 'flow_missing'],
    ['job variables', { job_variables: { cpus: 'x' } }, 422, 'job_variables_invalid'],
    [
      'parameters, where it is to enforce its schema',
      { parameters: { a: 'x' }, parameter_openapi_schema: SCHEMA, enforce_parameter_schema: true },
      422,
      'invalid_request',
    ],
    ['an infrastructure block', { infrastructure_document_id: ID }, 409, 'block_missing'],
    ['a storage block', { storage_document_id: ID }, 409, 'block_missing'],
    ['a shared limit', { global_concurrency_limit_id: ID }, 404, 'concurrency_limit_not_found'],
    [
      'a shared limit beside its own',
      { global_concurrency_limit_id: ID, concurrency_limit: 1 },
      422,
      'invalid_request',
    ],
    ['a schedule of no rule', { schedules: [{ schedule: {} }] }, 422, 'invalid_request'],
    ['a limit of 0', { concurrency_limit: 0 }, 422, 'invalid_request'],
    [
      'a grace period',
      { concurrency_options: { collision_strategy: 'ENQUEUE', grace_period_seconds: 5 } },
      422,
      'invalid_request',
    ],
    ['an unknown key', { nonsense: 1 }, 422, 'invalid_request'],
    ['a name', { name: 'a/b' }, 422, 'invalid_request'],
    ['its size', { parameters: { a: 'x'.repeat(310_000) } }, 422, 'payload_too_large'],
  ];
  test.each(bad)('%s, when it is created', async (_, more, status, code) => {
    const { flow, pool } = await flowAndPool();
    const body = { name: 'd', flow_id: flow.id, work_pool_name: pool, ...more };
    const answer = await post('/deployments/', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await get(`/deployments/name/${flow.name}/d`)).body.code).toBe('deployment_not_found');
  });

  // Its job variables are looked at again with each run.
  const fixed = new Set(['flow_id', 'name', 'job_variables']);
  const changes = bad.filter(([, more]) => !Object.keys(more).some((key) => fixed.has(key)));
  test.each(changes)('%s, when it is changed', async (_, more, status, code) => {
    const { at, deployment } = await deployed();
    const answer = await patch(at, more);
    // Prefect's own: 422 for a deployment that is made, 409 for one that is changed.
    const expected =
      'enforce_parameter_schema' in more ? [409, 'parameters_invalid'] : [status, code];
    expect([answer.status, answer.body.code]).toEqual(expected);
    expect((await get(at)).body).toEqual(deployment);
  });

  test.each([{ name: 'new' }, { flow_id: ID }, { labels: {} }])(
    'a change of what cannot be changed: %j',
    async (change) => {
      const { at } = await deployed();
      expect((await patch(at, change)).status).toBe(422);
    },
  );

  test('a deployment that is not there, by every route', async () => {
    const at = `/deployments/${randomUUID()}`;
    const answers = await Promise.all([
      patch(at, {}),
      remove(at),
      post(`${at}/pause_deployment`, undefined),
      post(`${at}/resume_deployment`, undefined),
      get(`${at}/schedules`),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([404, 'deployment_not_found']);
    }
  });
});
