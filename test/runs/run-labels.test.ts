import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exchange, request } from '../support/http.ts';
import { prefectWorker } from '../support/prefect-worker.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const waiting = async () => (await createRuns(stack.client, work.deployment.id, 1))[0] as string;
const read = (id: string) => stack.client.readFlowRun({ id });
const patch = (id: string, labels: unknown, headers = {}) =>
  request(stack, 'PATCH', `/flow_runs/${id}/labels`, labels, headers);

test("a worker's labels are told as it gave them, and name the holder", async () => {
  const worker = prefectWorker(stack, work);
  const id = await waiting();
  await worker.claim(id);
  expect((await worker.label(id)).status).toBe(204);
  const pool = await stack.client.readWorkPool({ name: work.pool });
  const run = await read(id);
  expect(run.labels).toEqual({
    'prefect.flow.id': work.flow.id,
    'prefect.deployment.id': work.deployment.id,
    'prefect.worker.name': worker.name,
    'prefect.worker.type': 'process',
    'prefect.work-pool.name': work.pool,
    'prefect.work-pool.id': pool.id,
  });
  expect(run.claimed_by).toMatchObject({ worker_name: worker.name, claimed: run.state?.timestamp });
});

test('labels go over those that are there, each as the JSON it came in', async () => {
  const id = await waiting();
  await patch(id, '{"a": 1.0, "b": 12345678901234567890}');
  await patch(id, '{"b": "two", "c": true}');
  const response = await exchange(stack, 'GET', `/flow_runs/${id}`);
  expect(response.text).toContain('"a":1.0,"b":"two","c":true');
});

test('labels of two at once are all there afterwards', async () => {
  const id = await waiting();
  const names = Array.from({ length: 5 }, (_, i) => `label-${i}`);
  const answers = await Promise.all(names.map((name) => patch(id, { [name]: name })));
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 204));
  expect(Object.keys((await read(id)).labels)).toEqual(expect.arrayContaining(names));
});

test('a run that another worker holds is not said to be held by this one', async () => {
  const [holder, other] = [prefectWorker(stack, work), prefectWorker(stack, work)];
  const id = await waiting();
  await holder.claim(id);
  await holder.label(id);
  const before = await read(id);
  expect((await other.label(id, { note: 'mine' })).status).toBe(204);
  const after = await read(id);
  expect(after.labels).toEqual({ ...before.labels, note: 'mine' });
  // It is no sign that the claim is followed up either.
  const run = await stack.context.store.readRun(id);
  expect(run?.patchedAt).toBeDefined();
  expect(after.updated).toBe(before.updated);
});

test('the next holder has the labels of the next holder', async () => {
  const worker = prefectWorker(stack, work);
  const id = await waiting();
  await worker.claim(id);
  await worker.label(id);
  await stack.client.releaseFlowRun({ id, body: { by: 'me' } });
  const me = await openSession(stack.client, work.pool);
  const { runs } = await claimRuns(stack.client, work.pool, me, { limit: 50 });
  expect(runs.map(({ flow_run }) => flow_run.id)).toContain(id);
  expect((await read(id)).labels).toMatchObject({ 'prefect.worker.name': me.worker });
  expect((await read(id)).claimed_by?.worker_name).toBe(me.worker);
});

test("a lost claim's token labels nothing: 409; an unknown run: 404", async () => {
  const id = await waiting();
  const token = `${id}.1.${'A'.repeat(22)}`;
  expect(await patch(id, { a: 1 }, { 'dibs-claim-token': token })).toMatchObject({
    status: 409,
    body: { code: 'claim_lost' },
  });
  expect(await patch(randomUUID(), {})).toMatchObject({
    status: 404,
    body: { detail: 'Flow run not found' },
  });
});

test('labels are an object of at most 16 KiB: else 422', async () => {
  const id = await waiting();
  for (const wrong of ['[]', '"text"', 'null', '', '{"a":']) {
    const answer = await patch(id, wrong);
    expect(answer.status, wrong).toBe(422);
    expect(answer.body).toMatchObject({ code: 'invalid_request' });
  }
  const half = { a: 'x'.repeat(9_000) };
  expect((await patch(id, half)).status).toBe(204);
  expect((await patch(id, { b: half.a })).body).toMatchObject({ code: 'payload_too_large' });
  expect((await patch(id, { a: 'x'.repeat(17_000) })).status).toBe(422);
});

test('what an engine was told of its policy it may send back', async () => {
  const id = await waiting();
  const policy = {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: 2,
    retry_delay: 1,
    pause_keys: ['1'],
    resuming: true,
    retry_type: 'in_process',
  };
  const answer = await request(stack, 'PATCH', `/flow_runs/${id}`, { empirical_policy: policy });
  expect(answer.status).toBe(204);
  expect((await read(id)).empirical_policy).toMatchObject({ retries: 2, retry_delay: 1 });
});
