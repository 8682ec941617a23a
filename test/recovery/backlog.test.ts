import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBacklogs } from '../../core/dispatch/backlog.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let stack: TestStack;
beforeEach(async () => {
  stack = await startTestStack();
});
afterEach(() => stack.stop());

const told = async () =>
  (await readBacklogs(stack.context)).map(({ pool, waiting, oldestAt }) => ({
    pool,
    waiting,
    waits: oldestAt !== null,
  }));

test('what is due and could be claimed counts, and of what is due the longest tells since when', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  expect(await told()).toEqual([]);
  await createRuns(client, deployment.id, 3);
  const later = {
    type: 'SCHEDULED',
    state_details: { scheduled_time: '2099-01-01T00:00:00Z' },
  } as const;
  await client.createFlowRunFromDeployment({ id: deployment.id, body: { state: later } });
  expect(await told()).toEqual([{ pool, waiting: 3, waits: true }]);
  const session = await openSession(client, pool);
  await claimRuns(client, pool, session, { limit: 100 });
  expect(await told()).toEqual([{ pool, waiting: 0, waits: false }]);
});

test('agents of a pool that is paused, or whose limit is full, are told that nothing waits', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client, { poolLimit: 1 });
  await createRuns(client, deployment.id, 2);
  const session = await openSession(client, pool);
  const [run] = (await claimRuns(client, pool, session, { limit: 1 })).runs;
  const nothing = [{ pool, waiting: 0, waits: false }];
  expect(await told()).toEqual(nothing);
  if (run) await propose(client, run, 'COMPLETED');
  expect(await told()).toEqual([{ pool, waiting: 1, waits: true }]);
  await client.updateWorkPool({ name: pool, body: { is_paused: true } });
  expect(await told()).toEqual(nothing);
});

test('a claim by who sends no heartbeats leaves no pool that is told of for ever', async () => {
  const { client } = stack;
  const { deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  await client.setState({ id, body: { state: { type: 'PENDING' } } });
  await client.setState({ id, body: { state: { type: 'RUNNING' } } });
  await client.setState({ id, body: { state: { type: 'COMPLETED' } } });
  expect(await told()).toEqual([]);
});

test('agents that hold nothing are idle, but none is while something waits; nor is a worker of Prefect’s', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const { store } = stack.context;
  // Not as it was within the last 3 s.
  const fresh = { ...store, listSessions: (poolId: string) => store.listSessions(poolId) };
  const idle = async () =>
    (await readBacklogs({ ...stack.context, store: fresh })).map((one) => one.idle);
  const beat = ({ session, worker }: { session: string; worker: string }, runs: object[]) =>
    client.heartbeat({
      name: pool,
      session_id: session,
      body: { worker_name: worker, capacity: 1, runs: runs as never },
    });
  const [busy] = [await openSession(client, pool), await openSession(client, pool)];
  await createRuns(client, deployment.id, 2);
  const [run] = (await claimRuns(client, pool, busy)).runs;
  await beat(busy, [{ id: run?.flow_run.id, attempt: 1 }]);
  expect(await idle()).toEqual([0]);
  const [other] = (await claimRuns(client, pool, busy)).runs;
  expect(await idle()).toEqual([1]);
  for (const one of [run, other]) if (one) await propose(client, one, 'COMPLETED');
  await beat(busy, []);
  await client.workerHeartbeat({ name: pool, body: { name: 'of-prefect' } });
  expect(await idle()).toEqual([2]);
});
