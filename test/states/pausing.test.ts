import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expirePauses } from '../../core/proposals/expire-pauses.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client, { poolLimit: 50 });
});
afterAll(() => stack.stop());

const WORKER = { 'x-prefect-worker-name': 'w' };
const set = async (id: string, state: object, headers: Record<string, string> = WORKER) =>
  (await request(stack, 'POST', `/flow_runs/${id}/set_state`, { state }, headers)).body;
const read = async (id: string) => (await request(stack, 'GET', `/flow_runs/${id}`)).body;
const resume = (id: string, body?: object) =>
  request(stack, 'POST', `/flow_runs/${id}/resume`, body);
const slots = async () =>
  (await stack.client.readWorkPool({ name: work.pool })).active_slots ?? Number.NaN;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

const PAUSED = { type: 'PAUSED', state_details: { pause_key: 'k', pause_timeout: inMs(600_000) } };
const SUSPENDED = {
  type: 'PAUSED',
  name: 'Suspended',
  state_details: { pause_key: 's', pause_timeout: inMs(600_000), pause_reschedule: true },
};

async function running(): Promise<string> {
  const [id] = (await createRuns(stack.client, work.deployment.id, 1)) as [string];
  await set(id, { type: 'PENDING' });
  expect((await set(id, { type: 'RUNNING' })).status).toBe('ACCEPT');
  return id;
}

test('a pause keeps claim and slot, and to go on is not another run', async () => {
  const before = await slots();
  const id = await running();
  expect((await set(id, PAUSED)).status).toBe('ACCEPT');
  const paused = await read(id);
  expect(paused).toMatchObject({
    state_name: 'Paused',
    claimed_by: { worker_name: 'w' },
    empirical_policy: { pause_keys: ['k'], resuming: false },
  });
  expect(await slots()).toBe(before + 1);
  expect(await resume(id)).toMatchObject({
    status: 201,
    body: { status: 'ACCEPT', state: { type: 'RUNNING' } },
  });
  expect(await read(id)).toMatchObject({
    run_count: 1,
    attempt: 1,
    empirical_policy: { pause_keys: ['k'], resuming: false },
  });
  expect((await set(id, { type: 'COMPLETED' })).status).toBe('ACCEPT');
  expect(await slots()).toBe(before);
});

test('a suspension frees both; resumed, it waits for whoever is next, and is the same run', async () => {
  const before = await slots();
  const id = await running();
  expect((await set(id, SUSPENDED)).status).toBe('ACCEPT');
  expect(await read(id)).toMatchObject({ state_name: 'Suspended', claimed_by: null });
  expect(await slots()).toBe(before);
  const poll = () =>
    request(stack, 'POST', `/work_pools/${work.pool}/get_scheduled_flow_runs`, {}, WORKER);
  const ids = async () =>
    (await poll()).body.map((one: { flow_run: { id: string } }) => one.flow_run.id);
  expect(await ids()).not.toContain(id);
  expect(await resume(id)).toMatchObject({
    status: 201,
    body: { state: { type: 'SCHEDULED', name: 'Resuming' } },
  });
  await expect.poll(ids).toContain(id);
  const other = { 'x-prefect-worker-name': 'other' };
  // It lives, so its start is written without a read.
  const beat = { name: 'other' };
  await request(stack, 'POST', `/work_pools/${work.pool}/workers/heartbeat`, beat);
  expect((await set(id, { type: 'PENDING' }, other)).status).toBe('ACCEPT');
  expect(await read(id)).toMatchObject({ empirical_policy: { resuming: true } });
  expect((await set(id, { type: 'RUNNING' }, other)).status).toBe('ACCEPT');
  expect(await read(id)).toMatchObject({
    run_count: 1,
    attempt: 2,
    empirical_policy: { resuming: false },
  });
});

test('somebody else suspends a run: it is taken from its holder, who changes nothing any more', async () => {
  const before = await slots();
  const id = await running();
  // Who suspends has no name, or is a process of another flow under some worker.
  const other = { ...WORKER, 'x-prefect-flow-id': randomUUID() };
  const pause_key = randomUUID();
  const mine = { ...SUSPENDED, state_details: { ...SUSPENDED.state_details, pause_key } };
  expect((await set(id, { ...PAUSED, name: 'Paused' }, other)).status).toBe('ABORT');
  expect(await set(id, mine, other)).toMatchObject({ status: 'ACCEPT' });
  expect(await read(id)).toMatchObject({ state_name: 'Suspended', claimed_by: null });
  expect(await slots()).toBe(before);
  for (const type of ['COMPLETED', 'FAILED', 'CRASHED']) {
    expect((await set(id, { type })).status).not.toBe('ACCEPT');
  }
  const claims = await stack.client.readFlowRunClaims({ id });
  expect(claims.at(-1)?.reason).toBe('suspended');
  expect((await resume(id)).body).toMatchObject({ state: { type: 'SCHEDULED' } });
  expect((await set(id, { type: 'PENDING' })).status).toBe('ACCEPT');
  expect((await set(id, { type: 'RUNNING' })).status).toBe('ACCEPT');
  expect((await set(id, { type: 'COMPLETED' })).status).toBe('ACCEPT');
  expect(await read(id)).toMatchObject({ run_count: 1, attempt: 2 });
});

test('a state that names no lease of the limit of its deployment keeps the one before it', async () => {
  const id = await running();
  const lease = randomUUID();
  const named = { state_details: { deployment_concurrency_lease_id: lease } };
  const force = async (state: object) =>
    (await request(stack, 'POST', `/flow_runs/${id}/set_state`, { state, force: true })).body;
  expect((await set(id, { type: 'RUNNING', name: 'Again', ...named })).status).toBe('ACCEPT');
  const unnamed = { state_details: { deployment_concurrency_lease_id: null } };
  for (const state of [{ type: 'SCHEDULED' }, { type: 'CRASHED', ...unnamed }]) {
    expect(await force(state)).toMatchObject({ status: 'ACCEPT', state: named });
  }
});

test('a pause fires once, however often its code is executed', async () => {
  const id = await running();
  await set(id, PAUSED);
  await resume(id);
  expect(await set(id, PAUSED)).toMatchObject({
    status: 'REJECT',
    state: { type: 'RUNNING' },
    details: { reason: 'This pause has already fired.' },
  });
  // After a final state it is another life, and pauses again.
  await set(id, { type: 'COMPLETED' });
  await set(id, { type: 'SCHEDULED' }, {});
  await set(id, { type: 'PENDING' });
  await set(id, { type: 'RUNNING' });
  expect((await set(id, PAUSED)).status).toBe('ACCEPT');
});

test('a pause that nobody resumed is asked again when its process is lost', async () => {
  const id = await running();
  await set(id, { ...PAUSED, state_details: { pause_key: 'resumed' } });
  await resume(id);
  await set(id, PAUSED);
  await stack.client.releaseFlowRun({ id, body: { by: 'ann' } });
  expect((await read(id)).empirical_policy).toMatchObject({
    pause_keys: [],
    resuming: false,
    retry_type: 'reschedule',
  });
  await set(id, { type: 'PENDING' });
  await set(id, { type: 'RUNNING' });
  expect(await read(id)).toMatchObject({
    run_count: 2,
    empirical_policy: { retry_type: 'reschedule' },
  });
  // The new process begins at the beginning, so the pause that was resumed asks again, too.
  const before = { ...PAUSED, state_details: { pause_key: 'resumed' } };
  expect((await set(id, before)).status).toBe('ACCEPT');
  await resume(id);
  expect((await set(id, PAUSED)).status).toBe('ACCEPT');
});

test('what nobody would find again is not suspended', async () => {
  const { body } = await request(stack, 'POST', '/flow_runs/', {
    flow_id: work.flow.id,
    state: { type: 'RUNNING' },
  });
  expect(await set(body.id, SUSPENDED, {})).toMatchObject({ status: 'ABORT' });
  expect((await set(body.id, PAUSED, {})).status).toBe('ACCEPT');
});

test('two that resume at once resume once', async () => {
  const id = await running();
  await set(id, SUSPENDED);
  const answers = await Promise.all([resume(id), resume(id), resume(id)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
});

test('what is not paused is not resumed', async () => {
  const id = await running();
  expect(await resume(id)).toMatchObject({ status: 200, body: { state: null, status: 'ABORT' } });
  expect((await resume(randomUUID())).status).toBe(404);
});

test('after its time it cannot be resumed: it has FAILED, and its slot is free', async () => {
  const before = await slots();
  const id = await running();
  await set(id, { ...PAUSED, state_details: { pause_timeout: inMs(-1) } });
  expect(await resume(id)).toMatchObject({
    status: 201,
    body: { status: 'REJECT', state: { type: 'FAILED', message: expect.any(String) } },
  });
  expect(await slots()).toBe(before);
});

test('the sweeper fails what nobody resumed in time, and only that', async () => {
  const [late, early, again, resumed] = (await Promise.all(Array.from({ length: 4 }, running))) as [
    string,
    string,
    string,
    string,
  ];
  const pausedFor = (ms: number) => ({
    type: 'PAUSED',
    state_details: { pause_timeout: inMs(ms) },
  });
  await set(late, pausedFor(-5));
  await set(early, pausedFor(60_000));
  await set(resumed, pausedFor(-5));
  await set(again, pausedFor(-5));
  const force = (id: string, state: object) =>
    request(stack, 'POST', `/flow_runs/${id}/set_state`, { state, force: true }, WORKER);
  await force(resumed, { type: 'RUNNING' });
  await force(again, { type: 'RUNNING' });
  await set(again, pausedFor(60_000));
  await expirePauses(stack.context);
  const states = await Promise.all([late, early, again, resumed].map(read));
  expect(states.map(({ state_type }) => state_type)).toEqual([
    'FAILED',
    'PAUSED',
    'PAUSED',
    'RUNNING',
  ]);
  await expect.poll(() => stack.context.store.listDuePauses(stack.context.now())).toEqual([]);
});

test('a note of a pause is forgotten only if it is that one still', async () => {
  const { store, now } = stack.context;
  const id = randomUUID();
  const [first, second] = [
    { runId: id, until: now() - 20 },
    { runId: id, until: now() - 10 },
  ] as const;
  await store.notePause(first);
  await store.notePause(second);
  await store.forgetPause(first);
  await expect.poll(() => store.listDuePauses(now())).toContainEqual(second);
  await store.forgetPause(second);
  await expect.poll(() => store.listDuePauses(now())).not.toContainEqual(second);
});

const KEYSET = { schema: 'ask-schema', response: 'ask-response', description: 'ask-description' };

const ASKING = { ...PAUSED, state_details: { ...PAUSED.state_details, run_input_keyset: KEYSET } };
const write = (id: string, key: string, value: string) =>
  request(stack, 'POST', `/flow_runs/${id}/input`, { key, value });
const answer = async (id: string) =>
  (await request(stack, 'GET', `/flow_runs/${id}/input/${KEYSET.response}`)).status;

async function asking(schema: string | undefined): Promise<string> {
  const id = await running();
  await set(id, ASKING);
  if (schema !== undefined) await write(id, KEYSET.schema, schema);
  return id;
}

const SCHEMA = JSON.stringify({
  type: 'object',
  properties: { n: { type: 'integer' } },
  required: ['n'],
});

test('what it waits for is checked, and there before it goes on', async () => {
  const id = await asking(SCHEMA);
  for (const run_input of [undefined, {}, { n: 'seven' }]) {
    const { status, body } = await resume(id, { run_input });
    expect({ status, ...body }).toMatchObject({
      status: 'REJECT',
      state: { type: 'PAUSED' },
      details: { reason: expect.stringContaining('n') },
    });
  }
  expect((await resume(id, { run_input: { n: 7 } })).body.status).toBe('ACCEPT');
  const sent = await request(stack, 'GET', `/flow_runs/${id}/input/${KEYSET.response}`);
  expect(sent.body).toEqual({ n: 7 });
});

test('a pause takes no answer that was given to an earlier one', async () => {
  const id = await running();
  await write(id, KEYSET.response, '{"n":1}');
  await write(id, 'other-response', '{"n":2}');
  expect((await set(id, ASKING)).status).toBe('ACCEPT');
  expect(await answer(id)).toBe(404);
  const other = await request(stack, 'GET', `/flow_runs/${id}/input/other-response`);
  expect(other.body).toEqual({ n: 2 });
  await write(id, KEYSET.schema, SCHEMA);
  await resume(id, { run_input: { n: 3 } });
  // This pause has fired, and its code is about to read the answer.
  expect((await set(id, ASKING)).status).toBe('REJECT');
  expect(await answer(id)).toBe(200);
});

test.each([
  [undefined, 'not found'],
  ['{', 'not valid JSON'],
  ['{"type": 7}', 'is not a valid json schema'],
])('a schema that is %s is told', async (schema, said) => {
  const id = await asking(schema);
  expect((await resume(id, { run_input: {} })).body).toMatchObject({
    status: 'REJECT',
    details: { reason: expect.stringContaining(said) },
  });
});
