import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from '../support/http.ts';
import { force, readRun } from '../support/run-writes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** Kubernetes makes such names. They differ behind the characters that a run shows of them. */
let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
const BEGINNING = 'kubernetes-worker-of-the-department-for-long-names-in-eu-central-1';
const [FIRST, SECOND] = [`${BEGINNING}-7d9f8b-x2x4q`, `${BEGINNING}-7d9f8b-k8zzp`];

beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const beat = (name: string) =>
  request(stack, 'POST', `/work_pools/${work.pool}/workers/heartbeat`, { name });
const proposeAs = async (worker: string, id: string, type: string, force = false) => {
  const body = { state: { type, state_details: { transition_id: randomUUID() } }, force };
  const headers = { 'x-prefect-worker-name': worker };
  return (await request(stack, 'POST', `/flow_runs/${id}/set_state`, body, headers)).body.status;
};
const read = async (id: string) => (await request(stack, 'GET', `/flow_runs/${id}`)).body;

test.each([
  ['that send heartbeats', true],
  ['that send none', false],
])(
  'of two workers %s, whose names begin alike, only the holder moves its run on',
  async (_, live) => {
    if (live) for (const name of [FIRST, SECOND]) await beat(name);
    const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
    expect(await proposeAs(FIRST, id, 'PENDING')).toBe('ACCEPT');
    for (const type of ['PENDING', 'RUNNING', 'CRASHED', 'SCHEDULED']) {
      expect(await proposeAs(SECOND, id, type), type).toBe('ABORT');
    }
    expect(await proposeAs(FIRST, id, 'RUNNING')).toBe('ACCEPT');
    expect(await proposeAs(SECOND, id, 'CRASHED', true)).toBe('ABORT');
    expect((await read(id)).claimed_by.worker_name).toMatch(/^kubernetes-worker.{43}…$/);
    expect(await proposeAs(FIRST, id, 'COMPLETED')).toBe('ACCEPT');
    expect(await proposeAs(SECOND, id, 'COMPLETED')).toBe('ABORT');
  },
);

test('a worker with a long name is known again after its claim has left the item of its run', async () => {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  await proposeAs(FIRST, id, 'PENDING');
  let run = await readRun(stack, id);
  for (let i = 0; i < 25; i++) run = await force(stack, run, i % 2 ? 'RUNNING' : 'PENDING');
  expect(run.lastClaimant?.workerMark).toBeDefined();
  expect(await proposeAs(SECOND, id, 'COMPLETED')).toBe('ABORT');
  expect(await proposeAs(FIRST, id, 'COMPLETED')).toBe('ACCEPT');
});

test('labels of a worker are kept if it holds the run, and not if its name only begins alike', async () => {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  await proposeAs(FIRST, id, 'PENDING');
  const labelAs = (name: string) =>
    request(
      stack,
      'PATCH',
      `/flow_runs/${id}/labels`,
      { 'prefect.worker.name': name },
      {
        'x-prefect-worker-name': name,
      },
    );
  await labelAs(FIRST);
  await labelAs(SECOND);
  expect((await read(id)).labels['prefect.worker.name']).toBe(FIRST);
});

test('a subflow belongs to the worker that executes it, not to one whose name begins alike', async () => {
  const headers = { 'x-prefect-worker-name': FIRST, 'x-prefect-flow-id': work.flow.id };
  const { body: flow } = await request(stack, 'POST', '/flows/', { name: `sub ${randomUUID()}` });
  const body = { flow_id: flow.id, state: { type: 'PENDING' } };
  const { body: sub } = await request(stack, 'POST', '/flow_runs/', body, headers);
  const start = (worker: string) =>
    request(
      stack,
      'POST',
      `/flow_runs/${sub.id}/set_state`,
      { state: { type: 'RUNNING' } },
      {
        ...headers,
        'x-prefect-worker-name': worker,
      },
    );
  expect((await start(SECOND)).body.status).toBe('ABORT');
  expect((await start(FIRST)).body.status).toBe('ACCEPT');
});
