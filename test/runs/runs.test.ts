import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NUMBERS } from '../../model/values/numbers.ts';
import { exchange, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const create = (body: Parameters<TestStack['client']['createFlowRunFromDeployment']>[0]['body']) =>
  stack.client.createFlowRunFromDeployment({ id: work.deployment.id, body });

const { post } = requestsTo(() => stack);

test('20 creates at once with one idempotency key make one run: one 201, nineteen 200', async () => {
  const path = `/deployments/${work.deployment.id}/create_flow_run`;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => post(path, { idempotency_key: 'one', parameters: { n } })),
  );
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(19).fill(200), 201]);
});

test('an idempotency key counts within its flow, also of a run that has ended', async () => {
  const first = await create({ idempotency_key: 'key', state: { type: 'COMPLETED' } });
  expect((await create({ idempotency_key: 'key' })).id).toBe(first.id);
  const other = await createWork(stack.client);
  const elsewhere = await stack.client.createFlowRunFromDeployment({
    id: other.deployment.id,
    body: { idempotency_key: 'key' },
  });
  expect(elsewhere.id).not.toBe(first.id);
});

test("a run's parameters are the deployment's, overlaid by its own, as the JSON they came in", async () => {
  const { pool, flow } = work;
  const deployment = await stack.client.createDeployment({
    body: {
      name: 'with-parameters',
      flow_id: flow.id,
      work_pool_name: pool,
      parameters: { a: 1, b: 2 },
    },
  });
  const text = '{"parameters": {"b": 12345678901234567890, "c": 1.0, "10": 1, "9": 2}}';
  const path = `/deployments/${deployment.id}/create_flow_run`;
  const answer = await exchange(stack, 'POST', path, text);
  expect(answer.status).toBe(201);
  expect(answer.text).toContain(
    '"parameters":{"a":1,"b":12345678901234567890,"c":1.0,"10":1,"9":2}',
  );
});

test('large parameters, results and messages come back whole', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const me = await openSession(stack.client, pool);
  const large = { text: 'ä'.repeat(200_000) };
  const { id } = await stack.client.createFlowRunFromDeployment({
    id: deployment.id,
    body: { parameters: large },
  });
  const [run] = (await claimRuns(stack.client, pool, me, { start: true })).runs;
  expect(run?.flow_run.parameters).toEqual(large);
  const message = 'm'.repeat(2000);
  await stack.client.setState({
    id,
    body: {
      state: { type: 'COMPLETED', message, data: large },
      claim_token: run?.claim_token ?? '',
    },
  });
  const done = await stack.client.readFlowRun({ id });
  expect(done.parameters).toEqual(large);
  expect(done.state).toMatchObject({ message, data: large });
});

test('a run given back over and over keeps its whole history, and its item stays small', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const me = await openSession(stack.client, pool);
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  const rounds = 25;
  for (let round = 1; round <= rounds; round++) {
    const [run] = (await claimRuns(stack.client, pool, me, { start: true })).runs;
    expect(run?.attempt).toBe(round);
    if (run) await propose(stack.client, run, 'SCHEDULED');
  }
  const states = await stack.client.readFlowRunStates({ query: { flow_run_id: id } });
  expect(states.map(({ type }) => type)).toEqual([
    'SCHEDULED',
    ...Array(rounds).fill(['RUNNING', 'SCHEDULED']).flat(),
  ]);
  const times = states.map(({ timestamp }) => timestamp);
  expect([...times].sort()).toEqual(times);
  expect(new Set(times).size).toBe(times.length);
  const run = await stack.context.store.readRun(id);
  expect(run?.states.length).toBeLessThanOrEqual(NUMBERS.statesOnItem + 2);
  expect(run?.runCount).toBe(rounds);
});

test('a run is read, filtered and sorted; a claim names its holder', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const ids = await createRuns(stack.client, deployment.id, 5);
  const me = await openSession(stack.client, pool);
  const { runs } = await claimRuns(stack.client, pool, me, { limit: 2 });
  const held = runs.map((run) => run.flow_run.id).sort();
  const list = async (state: object, more: object = {}) =>
    (
      await stack.client.filterFlowRuns({
        body: { flow_runs: { deployment_id: { any_: [deployment.id] }, state }, ...more },
      })
    ).map((run) => run.id);
  expect((await list({})).sort()).toEqual([...ids].sort());
  expect((await list({ type: { any_: ['PENDING'] } })).sort()).toEqual(held);
  expect(await list({ type: { any_: [] } })).toEqual([]);
  expect(await list({}, { limit: 0 })).toEqual([]);
  const newest = await list({}, { sort: 'ID_DESC', limit: 2, offset: 1 });
  expect(newest).toEqual([...ids].sort().reverse().slice(1, 3));
  const byId = await stack.client.filterFlowRuns({
    body: { flow_runs: { id: { any_: [held[0] ?? '', randomUUID()] } } },
  });
  expect(byId).toMatchObject([{ id: held[0], claimed_by: { session_id: me.session }, attempt: 1 }]);
});

test('log lines come back in the order of their time', async () => {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  const line = (n: number, level = 20) => ({
    name: 'test',
    level,
    message: `line ${n}`,
    timestamp: `2026-11-23T10:00:0${n}.000000Z`,
    flow_run_id: id,
  });
  await stack.client.writeLogs({ body: [line(3), line(1)] });
  await stack.client.writeLogs({ body: [line(2, 40)] });
  const read = async (logs: object, sort?: 'TIMESTAMP_DESC') =>
    (
      await stack.client.filterLogs({
        body: { logs: { flow_run_id: { any_: [id] }, ...logs }, ...(sort ? { sort } : {}) },
      })
    ).map(({ message }) => message);
  expect(await read({})).toEqual(['line 1', 'line 2', 'line 3']);
  expect(await read({}, 'TIMESTAMP_DESC')).toEqual(['line 3', 'line 2', 'line 1']);
  expect(await read({ level: { ge_: 30 } })).toEqual(['line 2']);
});

test('a run by hand is held by its creator from the start, and ends like any other', async () => {
  const { client } = stack;
  const run = await client.createFlowRun({ body: { flow_id: work.flow.id } });
  expect(run).toMatchObject({ state_type: 'PENDING', attempt: 1, work_pool_name: null });
  const set = (type: 'RUNNING' | 'FAILED' | 'SCHEDULED') =>
    client.setState({ id: run.id, body: { state: { type } } });
  expect((await set('RUNNING')).status).toBe('ACCEPT');
  expect((await set('FAILED')).status).toBe('ACCEPT');
  expect((await set('SCHEDULED')).status).toBe('ABORT');
  expect(await client.readFlowRun({ id: run.id })).toMatchObject({
    state_type: 'FAILED',
    run_count: 1,
    claimed_by: null,
  });
});

test('claims too large for one reply come with later heartbeats, and none is lost', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const ids: string[] = [];
  for (let i = 0; i < 12; i++) {
    const { id } = await client.createFlowRunFromDeployment({
      id: deployment.id,
      body: { parameters: { text: 'x'.repeat(500_000) } },
    });
    ids.push(id);
  }
  const me = await openSession(client, pool);
  const { runs } = await claimRuns(client, pool, me, { limit: 20 });
  const held = runs.map(({ flow_run, attempt }) => ({ id: flow_run.id, attempt }));
  expect(held.length).toBeLessThan(12);
  while (held.length < 12) {
    const { unknown } = await client.heartbeat({
      name: pool,
      session_id: me.session,
      body: { worker_name: me.worker, capacity: 20, runs: held },
    });
    expect(unknown.length).toBeGreaterThan(0);
    held.push(...unknown.map(({ flow_run, attempt }) => ({ id: flow_run.id, attempt })));
  }
  expect(held.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

test('parameters may be patched; job variables only while the run is SCHEDULED', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  await client.updateFlowRun({ id, body: { parameters: { a: 1 }, job_variables: { b: 2 } } });
  expect(await client.readFlowRun({ id })).toMatchObject({
    parameters: { a: 1 },
    job_variables: { b: 2 },
  });
  await claimRuns(client, pool, await openSession(client, pool));
  await expect(
    client.updateFlowRun({ id, body: { job_variables: { b: 3 } } }),
  ).rejects.toMatchObject({ status: 400, code: 'flow_run_not_scheduled' });
});

test('of a name that stands twice the last one counts, as in any JSON', async () => {
  const sent = '{"parameters": {"a": 1}, "parameters": {"b": 2}}';
  const { body } = await post(`/deployments/${work.deployment.id}/create_flow_run`, sent);
  expect(body).toMatchObject({ parameters: { b: 2 } });
});

test('data of a state up to 3 MiB is kept, more is refused', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const [run] = (await claimRuns(client, pool, await openSession(client, pool), { start: true }))
    .runs;
  const finish = (data: string) =>
    client.setState({
      id,
      body: { state: { type: 'COMPLETED', data }, claim_token: run?.claim_token ?? '' },
    });
  await expect(finish('x'.repeat(3 * 1024 * 1024))).rejects.toMatchObject({
    status: 422,
    code: 'payload_too_large',
  });
  const data = 'x'.repeat(3 * 1024 * 1024 - 2);
  await finish(data);
  expect((await client.readFlowRun({ id })).state?.data).toBe(data);
  const states = await client.readFlowRunStates({ query: { flow_run_id: id } });
  expect(states.at(-1)?.type).toBe('COMPLETED');
});
