import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../core/recovery/sweep.ts';
import type { StateType } from '../../model/runs/state.ts';
import { MINUTE, SECOND } from '../../model/values/instant.ts';
import { movableClock } from '../support/clock.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

/** What an unmodified Prefect worker and its engines send, with and without a name. */
function prefect(pool: string, name: string | undefined) {
  const { client } = stack;
  const headers = name ? { 'x-prefect-worker-name': name } : {};
  return {
    beat: () => client.workerHeartbeat({ name: pool, body: { name: name ?? '' } }),
    set: async (id: string, type: StateType, more: { name?: string; force?: boolean } = {}) => {
      const { name: stateName, force = false } = more;
      const state = {
        type,
        ...(stateName ? { name: stateName } : {}),
        state_details: { transition_id: randomUUID() },
      };
      return (await client.setState({ id, body: { state, force }, headers })).status;
    },
    patch: (id: string) =>
      client.updateFlowRun({ id, body: { infrastructure_pid: '42' }, headers }),
  };
}

async function scene() {
  const { pool, deployment } = await createWork(stack.client);
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  const worker = prefect(pool, `worker-${pool}`);
  await worker.beat();
  return { pool, deployment, id, worker };
}

const stateOf = async (id: string) => (await stack.client.readFlowRun({ id })).state_type;
const reasons = async (id: string) =>
  (await stack.client.readFlowRunClaims({ id })).map(({ reason }) => reason);

/** Time passes, the worker beats, the sweeper sweeps. */
const pass = async (by: number, worker: { beat: () => Promise<unknown> }) => {
  await clock.pass(by, worker.beat);
  await sweep(stack.context);
};

test('a claim that nothing follows for two minutes goes back, although its worker lives', async () => {
  const { id, worker } = await scene();
  expect(await worker.set(id, 'PENDING')).toBe('ACCEPT');
  await pass(MINUTE, worker);
  expect(await stateOf(id)).toBe('PENDING');
  await pass(MINUTE + 9 * SECOND, worker);
  expect(await stateOf(id)).toBe('SCHEDULED');
  expect(await reasons(id)).toEqual(['never started']);
  // And its late start is refused: somebody else may have it by now.
  expect(await worker.set(id, 'COMPLETED')).toBe('ABORT');
});

test.each([
  { sign: 'a PATCH of its pid', follow: 'patch' },
  { sign: 'Submitting', follow: 'rename' },
] as const)(
  '$sign follows the claim: it stays, unless the pool has a pending_timeout',
  async ({ follow }) => {
    const { pool, id, worker } = await scene();
    await worker.set(id, 'PENDING');
    if (follow === 'patch') await worker.patch(id);
    else expect(await worker.set(id, 'PENDING', { name: 'Submitting' })).toBe('ACCEPT');
    await pass(10 * MINUTE, worker);
    expect(await stateOf(id)).toBe('PENDING');
    await stack.client.updateWorkPool({ name: pool, body: { recovery: { pending_timeout: 900 } } });
    await pass(4 * MINUTE, worker);
    expect(await stateOf(id)).toBe('PENDING');
    await pass(2 * MINUTE, worker);
    expect(await stateOf(id)).toBe('SCHEDULED');
  },
);

test('of a worker that went OFFLINE, PENDING runs go back and RUNNING ones are kept', async () => {
  const { client } = stack;
  const { pool, deployment, id, worker } = await scene();
  const [running = ''] = await createRuns(client, deployment.id, 1);
  await worker.set(running, 'PENDING');
  expect(await worker.set(running, 'RUNNING')).toBe('ACCEPT');
  await worker.set(id, 'PENDING');
  await worker.patch(id);
  const other = prefect(pool, 'another');
  await other.beat();
  await pass(80 * SECOND, other);
  expect(await stateOf(id)).toBe('PENDING');
  await pass(20 * SECOND, other);
  expect(await stateOf(id)).toBe('SCHEDULED');
  expect(await stateOf(running)).toBe('RUNNING');
  expect((await client.readWorkers({ name: pool })).map(({ status }) => status)).toEqual([
    'ONLINE',
    'OFFLINE',
  ]);

  // Nobody else may touch it; its engine, under the worker's name, brings it to its end, also when
  // the worker is back, in another session.
  expect(await other.set(running, 'RUNNING')).toBe('ABORT');
  expect(await other.set(running, 'CANCELLED', { force: true })).toBe('ABORT');
  await worker.beat();
  expect(await worker.set(running, 'COMPLETED')).toBe('ACCEPT');
  expect((await client.readWorkers({ name: pool })).length).toBe(3);
});

test('RUNNING under a worker that is OFFLINE goes back, too, if the pool wants it', async () => {
  const { client } = stack;
  const { pool, id, worker } = await scene();
  await client.updateWorkPool({ name: pool, body: { recovery: { prefect_running: 'requeue' } } });
  await worker.set(id, 'PENDING');
  await worker.set(id, 'RUNNING');
  const other = prefect(pool, 'another');
  await other.beat();
  await pass(100 * SECOND, other);
  expect(await stateOf(id)).toBe('SCHEDULED');
  expect(await other.set(id, 'PENDING')).toBe('ACCEPT');
  expect(await worker.set(id, 'COMPLETED')).toBe('ABORT');
  expect(await reasons(id)).toEqual(['agent lost', null]);
});

test('a caller without a name claims, too, and its idle claim goes back after two minutes', async () => {
  const { pool, id, worker } = await scene();
  const raw = prefect(pool, undefined);
  expect(await raw.set(id, 'PENDING')).toBe('ACCEPT');
  expect(await worker.set(id, 'PENDING')).toBe('ABORT');
  await pass(2 * MINUTE + 9 * SECOND, worker);
  expect(await stateOf(id)).toBe('SCHEDULED');
  expect(await raw.set(id, 'PENDING')).toBe('ACCEPT');
  expect(await raw.set(id, 'RUNNING')).toBe('ACCEPT');
  await pass(10 * MINUTE, worker);
  expect(await stateOf(id)).toBe('RUNNING');
});

test('a worker under the name of a live agent is answered, and gets nothing of it', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const session = randomUUID();
  const heartbeat = { worker_name: 'box', capacity: 1, runs: [] };
  await client.heartbeat({
    name: pool,
    session_id: session,
    body: { ...heartbeat, started: true },
  });
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const body = { session_id: session, worker_name: 'box', claim_id: randomUUID(), limit: 1 };
  expect((await client.claim({ name: pool, body })).runs).toHaveLength(1);
  const namesake = prefect(pool, 'box');
  await namesake.beat();
  expect(await namesake.set(id, 'RUNNING')).toBe('ABORT');
  await client.heartbeat({ name: pool, session_id: session, body: heartbeat });
});

test.each(['COMPLETED', 'FAILED', 'CRASHED'] as const)(
  '%s does not become PENDING again, whoever asks',
  async (end) => {
    const { pool, id, worker } = await scene();
    await worker.set(id, 'PENDING');
    await worker.set(id, 'RUNNING');
    await worker.set(id, end);
    for (const caller of [worker, prefect(pool, 'another'), prefect(pool, undefined)]) {
      expect(await caller.set(id, 'PENDING')).toBe('ABORT');
    }
  },
);

test('a subflow is moved on by the worker whose flow called it, and by no other', async () => {
  const { client } = stack;
  const { flow } = await createWork(client);
  const caller = await client.createFlow({ body: { name: `caller-${randomUUID()}` } });
  const headers = { 'x-prefect-worker-name': 'w', 'x-prefect-flow-id': caller.id };
  const run = await client.createFlowRun({ body: { flow_id: flow.id }, headers });
  const set = async (type: StateType, by = headers) => {
    const body = { state: { type, state_details: { transition_id: randomUUID() } } };
    return (await client.setState({ id: run.id, body, headers: by })).status;
  };
  expect(await set('RUNNING', { ...headers, 'x-prefect-worker-name': 'another' })).toBe('ABORT');
  expect(await set('RUNNING')).toBe('ACCEPT');
  expect(await set('COMPLETED')).toBe('ACCEPT');
});
