import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { deployer } from './deployer.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { post } = requestsTo(() => stack);
const { deployed } = deployer(() => stack);

describe('a run of a deployment', () => {
  test('has the tags and labels of both, in a queue that is made for it', async () => {
    const { at, flow, deployment } = await deployed({ tags: ['t'], labels: { l: 1 } });
    const { status, body } = await post(`${at}/create_flow_run`, {
      tags: ['u', 't'],
      labels: { m: 2 },
      work_queue_name: 'made for it',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ tags: ['t', 'u'], work_queue_name: 'made for it' });
    expect(body.labels).toEqual({
      'prefect.flow.id': flow.id,
      'prefect.deployment.id': deployment.id,
      of: 'flow',
      l: 1,
      m: 2,
    });
  });

  test('is created while the deployment is paused, and once per key: 200', async () => {
    const { at } = await deployed({ paused: true });
    const first = await post(`${at}/create_flow_run`, { idempotency_key: 'k' });
    const second = await post(`${at}/create_flow_run`, { idempotency_key: 'k', tags: ['new'] });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toMatchObject({ id: first.body.id, tags: [] });
  });

  test('of many at once is created or refused by itself', async () => {
    const { at } = await deployed({
      parameter_openapi_schema: { properties: { a: { type: 'integer' } } },
    });
    const bulk = `${at}/create_flow_run/bulk`;
    const sent =
      '[{"parameters":{"a":12345678901234567890}},{"parameters":{"a":"x"}},{"job_variables":{"cpus":"y"}},' +
      '{"idempotency_key":"k"},{"idempotency_key":"k"},{"work_queue_name":"q"}]';
    const { status, body } = await post(bulk, sent);
    expect(status).toBe(200);
    const results = body.results as { flow_run_id: string; status: string; error: string | null }[];
    expect(results.map((one) => one.status)).toEqual([
      'CREATED',
      'FAILED',
      'FAILED',
      'CREATED',
      'CREATED',
      'CREATED',
    ]);
    expect(results[1]).toMatchObject({ flow_run_id: null, error: expect.stringContaining('a') });
    expect(results[3]?.flow_run_id).toBe(results[4]?.flow_run_id);
    const run = await exchange(stack, 'GET', `/flow_runs/${results[0]?.flow_run_id}`);
    expect(run.text).toContain('"parameters":{"a":12345678901234567890}');
    expect(await post(bulk, [])).toEqual({ status: 200, body: { results: [] } });
    const tooMany = await post(
      bulk,
      Array.from({ length: 101 }, () => ({})),
    );
    expect([tooMany.status, tooMany.body.code]).toEqual([400, 'too_many_runs']);
    expect((await post(bulk, [{ bad: 1 }])).status).toBe(422);
    const nowhere = await post(`/deployments/${randomUUID()}/create_flow_run/bulk`, []);
    expect(nowhere.status).toBe(404);
  });
});
