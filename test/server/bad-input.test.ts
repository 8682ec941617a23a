import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import {
  type ClaimedRun,
  claimRuns,
  createRuns,
  createWork,
  openSession,
  propose,
} from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
let me: Awaited<ReturnType<typeof openSession>>;

beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
  me = await openSession(stack.client, work.pool);
});
afterAll(() => stack.stop());

async function send(method: string, path: string, body?: string) {
  const response = await fetch(stack.url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, code: parsed['code'], body: parsed };
}

const ID = '00000000-0000-4000-8000-000000000001';
const claim = (more: object) =>
  JSON.stringify({ session_id: me.session, worker_name: 'w', claim_id: ID, limit: 1, ...more });

interface Case {
  readonly what: string;
  readonly method?: string;
  readonly path: string | (() => string);
  readonly body?: string | (() => string);
  readonly status: number;
  readonly code: string;
}

const CASES: Case[] = [
  {
    what: 'broken JSON',
    path: '/work_pools/',
    body: '{"name": ',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'no JSON at all',
    path: '/work_pools/',
    body: 'hello',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a list for an object',
    path: '/work_pools/',
    body: '[]',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a pool that an address cannot name',
    path: '/work_pools/',
    body: '{"name": "etl?"}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a missing field',
    path: '/work_pools/',
    body: '{}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a wrong type',
    path: '/work_pools/',
    body: '{"name": 3}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'an unknown field',
    path: '/work_pools/',
    body: '{"name":"x","nmae":1}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'an empty name',
    path: '/work_pools/',
    body: '{"name":""}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a name with a slash',
    path: '/work_pools/',
    body: '{"name":"a/b"}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a name of blanks',
    path: '/work_pools/',
    body: '{"name":"  "}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a name longer than a key',
    path: '/work_pools/',
    body: JSON.stringify({ name: 'é'.repeat(600) }),
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a reserved name',
    path: '/work_pools/',
    body: '{"name":"Prefect-x"}',
    status: 403,
    code: 'work_pool_name_reserved',
  },
  {
    what: 'a template without variables',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{}}}',
    status: 422,
    code: 'template_invalid',
  },
  {
    what: 'a template with an unknown variable',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ nope }}"},"variables":{"properties":{}}}}',
    status: 422,
    code: 'template_invalid',
  },
  {
    what: 'a limit of more slots than can be looked at',
    path: '/work_pools/',
    body: '{"name":"t","concurrency_limit":10001}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'an unknown pool',
    method: 'GET',
    path: '/work_pools/nope',
    status: 404,
    code: 'work_pool_not_found',
  },
  {
    what: 'an unknown queue',
    method: 'GET',
    path: () => `/work_pools/${work.pool}/queues/nope`,
    status: 404,
    code: 'work_queue_not_found',
  },
  {
    what: 'an unknown flow',
    method: 'GET',
    path: `/flows/${ID}`,
    status: 404,
    code: 'flow_not_found',
  },
  {
    what: 'an unknown deployment',
    path: `/deployments/${ID}/create_flow_run`,
    body: '{}',
    status: 404,
    code: 'deployment_not_found',
  },
  {
    what: 'an unknown run',
    method: 'GET',
    path: `/flow_runs/${ID}`,
    status: 404,
    code: 'flow_run_not_found',
  },
  {
    what: 'a state for an unknown run',
    path: `/flow_runs/${ID}/set_state`,
    body: '{"state":{"type":"RUNNING"}}',
    status: 404,
    code: 'flow_run_not_found',
  },
  {
    what: 'an id that is none',
    method: 'GET',
    path: '/flow_runs/seven',
    status: 404,
    code: 'route_not_found',
  },
  {
    what: 'an unknown route',
    method: 'GET',
    path: '/flow_run',
    status: 404,
    code: 'route_not_found',
  },
  {
    what: 'a wrong method',
    method: 'DELETE',
    path: '/health',
    status: 405,
    code: 'method_not_allowed',
  },
  {
    what: 'an unknown state type',
    path: `/flow_runs/${ID}/set_state`,
    body: '{"state":{"type":"DONE"}}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a time that is none',
    path: `/flow_runs/${ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"soon"}}}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a time before there were any',
    path: `/flow_runs/${ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"1960-01-01T00:00:00Z"}}}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a time that no clock will show',
    path: `/flow_runs/${ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"9999-12-31T00:00:00Z"}}}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'brackets without end',
    path: '/work_pools/',
    body: () => '['.repeat(100_000),
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a state whose data is nested without end',
    path: `/flow_runs/${ID}/set_state`,
    body: () => `{"state":{"type":"COMPLETED","data":${'['.repeat(2000)}${']'.repeat(2000)}}}`,
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a schema that points nowhere',
    path: '/deployments/',
    body: () =>
      JSON.stringify({
        name: 'x',
        flow_id: work.flow.id,
        parameters: { a: 1 },
        enforce_parameter_schema: true,
        parameter_openapi_schema: { properties: { a: { $ref: '#/$defs/nowhere' } } },
      }),
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a template whose variables are null',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ b }}"},"variables":null}}',
    status: 422,
    code: 'template_invalid',
  },
  {
    what: 'a template whose default is of another type',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ a }}"},"variables":{"properties":{"a":{"type":"integer","default":"many"}}}}}',
    status: 422,
    code: 'template_invalid',
  },
  {
    what: 'a template whose default is a block under no id',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ a }}"},"variables":{"properties":{"a":{"default":{"$ref":{"block_document_id":"mine"}}}}}}}',
    status: 404,
    code: 'block_document_not_found',
  },
  {
    what: 'a name in a path longer than a key',
    method: 'GET',
    path: `/work_pools/${'x'.repeat(2000)}`,
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'half a character in a name',
    path: '/flows/',
    body: '{"name":"\\ud800"}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'data of a state that would not fit a reply',
    path: `/flow_runs/${ID}/set_state`,
    body: () => JSON.stringify({ state: { type: 'COMPLETED', data: 'x'.repeat(3_200_000) } }),
    status: 404,
    code: 'flow_run_not_found',
  },
  {
    what: 'February 30th',
    path: `/flow_runs/${ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"2026-02-30T00:00:00Z"}}}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'labels that fill an item',
    path: () => `/deployments/${work.deployment.id}/create_flow_run`,
    body: () => JSON.stringify({ labels: { x: 'x'.repeat(20_000) } }),
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a run that begins as CANCELLING',
    path: () => `/deployments/${work.deployment.id}/create_flow_run`,
    body: '{"state":{"type":"CANCELLING"}}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a page too large',
    path: '/flow_runs/filter',
    body: '{"limit":201}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'parameters that are no object',
    path: () => `/deployments/${work.deployment.id}/create_flow_run`,
    body: '{"parameters":[1]}',
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'parameters over 512 KiB',
    path: () => `/deployments/${work.deployment.id}/create_flow_run`,
    body: () => JSON.stringify({ parameters: { x: 'x'.repeat(524_300) } }),
    status: 422,
    code: 'payload_too_large',
  },
  {
    what: 'a claim without a session',
    path: () => `/work_pools/${work.pool}/claim`,
    body: () => claim({ session_id: ID }),
    status: 410,
    code: 'session_ended',
  },
  {
    what: 'a claim of nothing',
    path: () => `/work_pools/${work.pool}/claim`,
    body: () => claim({ limit: 0 }),
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'a claim from an unknown queue',
    path: () => `/work_pools/${work.pool}/claim`,
    body: () => claim({ queue_names: ['nope'] }),
    status: 404,
    code: 'work_queue_not_found',
  },
  {
    what: 'a claim from an unknown pool',
    path: '/work_pools/nope/claim',
    body: () => claim({}),
    status: 404,
    code: 'work_pool_not_found',
  },
  {
    what: 'a heartbeat of a session never opened',
    path: () => `/work_pools/${work.pool}/sessions/${ID}/heartbeat`,
    body: '{"worker_name":"w","capacity":1,"runs":[]}',
    status: 410,
    code: 'session_ended',
  },
];

describe('bad input gets a clear error and changes nothing', () => {
  test.each(CASES)(
    '$what: $status $code',
    async ({ method = 'POST', path, body, status, code }) => {
      const where = typeof path === 'function' ? path() : path;
      const what = typeof body === 'function' ? body() : body;
      const answer = await send(method, where, what);
      expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
      expect(answer.body['hint'], 'a hint says what to do').toBeTruthy();
      expect(answer.body['detail'] ?? answer.body['exception_message']).toBeTypeOf('string');
      expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:\d+/);
      const pools = await stack.client.filterWorkPools({ body: {} });
      expect(pools.map((pool) => pool.name)).toEqual([work.pool]);
      expect(await stack.client.filterFlowRuns({ body: {} })).toEqual([]);
    },
  );
});

describe('what a stale holder says changes nothing', () => {
  async function claimOne(): Promise<ClaimedRun> {
    await createRuns(stack.client, work.deployment.id, 1);
    const [run] = (await claimRuns(stack.client, work.pool, me)).runs;
    if (!run) throw new Error('nothing was claimed');
    return run;
  }
  const read = (run: ClaimedRun) => stack.client.readFlowRun({ id: run.flow_run.id });
  const refused = (run: ClaimedRun) =>
    send(
      'POST',
      `/flow_runs/${run.flow_run.id}/set_state`,
      JSON.stringify({ state: { type: 'COMPLETED' }, claim_token: run.claim_token }),
    );

  test('finishing a run twice: 409 claim_lost, and nobody holds it', async () => {
    const run = await claimOne();
    await propose(stack.client, run, 'RUNNING');
    await propose(stack.client, run, 'COMPLETED');
    const before = await read(run);
    const answer = await refused(run);
    expect(answer).toMatchObject({ status: 409, code: 'claim_lost' });
    expect(answer.body).toMatchObject({ holder: null, attempt: 1 });
    expect(await read(run)).toEqual({ ...before, estimated_start_time_delta: expect.anything() });
  });

  test('a token of an earlier attempt: 409 with the present holder and attempt', async () => {
    const first = await claimOne();
    await propose(stack.client, first, 'SCHEDULED');
    const other = await openSession(stack.client, work.pool);
    const [second] = (await claimRuns(stack.client, work.pool, other)).runs;
    expect(second?.flow_run.id).toBe(first.flow_run.id);
    const answer = await refused(first);
    expect(answer).toMatchObject({ status: 409, code: 'claim_lost' });
    expect(answer.body).toMatchObject({
      holder: { session_id: other.session, worker_name: other.worker },
      attempt: 2,
    });
    expect((await read(first)).state_type).toBe('PENDING');
  });

  test('a PATCH under a token of an earlier attempt: 409, and nothing changed', async () => {
    const first = await claimOne();
    await propose(stack.client, first, 'SCHEDULED');
    const patch = (run: ClaimedRun) =>
      stack.client.updateFlowRun({
        id: run.flow_run.id,
        body: { empirical_policy: { retries: 99 } },
        headers: { 'dibs-claim-token': run.claim_token },
      });
    await expect(patch(first)).rejects.toMatchObject({ status: 409, code: 'claim_lost' });
    expect((await read(first)).empirical_policy.retries).toBeNull();
    const [second] = (await claimRuns(stack.client, work.pool, me)).runs;
    if (!second) throw new Error('nothing was claimed');
    await patch(second);
    expect((await read(first)).empirical_policy.retries).toBe(99);
  });

  test('a token that is none, or of another run, in the body: 409', async () => {
    const run = await claimOne();
    const another = await claimOne();
    for (const claim_token of ['nonsense', another.claim_token]) {
      const answer = await refused({ ...run, claim_token });
      expect(answer).toMatchObject({ status: 409, code: 'claim_lost' });
    }
    expect((await read(run)).state_type).toBe('PENDING');
  });

  test('a header token that names another run is ignored: the caller is a user', async () => {
    const run = await claimOne();
    const another = await claimOne();
    const answer = await stack.client.setState({
      id: run.flow_run.id,
      body: { state: { type: 'CANCELLING' } },
      headers: { 'dibs-claim-token': another.claim_token },
    });
    expect(answer.status).toBe('ACCEPT');
    const beat = await stack.client.heartbeat({
      name: work.pool,
      session_id: me.session,
      body: {
        worker_name: me.worker,
        capacity: 1,
        runs: [{ id: run.flow_run.id, attempt: 1 }],
      },
    });
    expect(beat.cancel).toEqual([{ id: run.flow_run.id, attempt: 1 }]);
  });
});

test('an error never repeats a claim token', async () => {
  const body = JSON.stringify({ state: { type: 'NO' }, claim_token: 'very-secret' });
  const answer = await send('POST', `/flow_runs/${ID}/set_state`, body);
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).not.toContain('very-secret');
});
