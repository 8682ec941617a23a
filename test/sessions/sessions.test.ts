import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let ahead = 0;
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: () => Date.now() * 1000 + ahead } });
});
afterAll(() => stack.stop());

const beat = (pool: string, session: string, body: object = {}) =>
  stack.client.heartbeat({
    name: pool,
    session_id: session,
    body: { worker_name: 'w', capacity: 1, runs: [], ...body },
  });
const newPool = async () => (await createWork(stack.client)).pool;

test('an ended session gets 410 for heartbeats and claims, and does not open again', async () => {
  const pool = await newPool();
  const session = randomUUID();
  await beat(pool, session, { started: true });
  await beat(pool, session);
  await beat(pool, session, { ended: true });
  // Told again, because its reply was lost.
  await beat(pool, session, { ended: true });
  const gone = { status: 410, code: 'session_ended' };
  await expect(beat(pool, session)).rejects.toMatchObject(gone);
  await expect(beat(pool, session, { started: true })).rejects.toMatchObject(gone);
  await expect(claimRuns(stack.client, pool, { session, worker: 'w' })).rejects.toMatchObject(gone);
});

test('a first heartbeat sent twice opens one session', async () => {
  const pool = await newPool();
  const session = randomUUID();
  await beat(pool, session, { started: true });
  await beat(pool, session, { started: true });
  const workers = await stack.client.readWorkers({ name: pool });
  expect(workers).toMatchObject([{ id: session, name: 'w', status: 'ONLINE' }]);
});

test('a live name is not given to somebody else; to its own restart, and after its end, it is', async () => {
  const pool = await newPool();
  const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
  await beat(pool, first, { started: true });
  await expect(beat(pool, second, { started: true })).rejects.toMatchObject({
    status: 409,
    code: 'name_in_use',
  });
  await beat(pool, second, { started: true, replaces: first });
  await expect(beat(pool, first)).rejects.toMatchObject({ status: 410 });
  await beat(pool, second, { ended: true });
  await beat(pool, third, { started: true });
});

test('of twenty newcomers with one name, one gets it', async () => {
  const pool = await newPool();
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, () => beat(pool, randomUUID(), { started: true })),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('the name of a session that fell silent past its lease is free again', async () => {
  const pool = await newPool();
  const silent = randomUUID();
  await beat(pool, silent, { started: true });
  ahead += MINUTE;
  await beat(pool, randomUUID(), { started: true });
  const workers = await stack.client.readWorkers({ name: pool });
  expect(workers.map(({ status }) => status)).toEqual(['ONLINE', 'OFFLINE']);
  await expect(beat(pool, silent)).rejects.toMatchObject({ status: 410 });
});

test('a heartbeat tells what is lost, with the holder, and what is unknown', async () => {
  const { pool, deployment } = await createWork(stack.client);
  await createRuns(stack.client, deployment.id, 2);
  const [a, b] = await Promise.all([
    openSession(stack.client, pool),
    openSession(stack.client, pool),
  ]);
  const { runs } = await claimRuns(stack.client, pool, a, { limit: 2 });
  const [moved, kept] = runs;
  if (!moved || !kept) throw new Error('two were there');
  await propose(stack.client, moved, 'SCHEDULED');
  await claimRuns(stack.client, pool, b);
  const said = await beat(pool, a.session, { runs: [{ id: moved.flow_run.id, attempt: 1 }] });
  expect(said.lost).toEqual([
    {
      id: moved.flow_run.id,
      attempt: 1,
      holder: { session_id: b.session, worker_name: b.worker },
    },
  ]);
  expect(said.unknown.map((run) => run.claim_token)).toEqual([kept.claim_token]);
  expect(said.cancel).toEqual([]);
});

test('every agent is listed with its unique id, its last heartbeat and what it holds', async () => {
  const { pool, deployment } = await createWork(stack.client);
  await createRuns(stack.client, deployment.id, 1);
  const me = await openSession(stack.client, pool);
  const [run] = (await claimRuns(stack.client, pool, me)).runs;
  expect(await stack.client.readWorkers({ name: pool })).toMatchObject([
    {
      id: me.session,
      name: me.worker,
      status: 'ONLINE',
      holds: [{ id: run?.flow_run.id, attempt: 1 }],
    },
  ]);
  expect((await stack.client.readWorkPool({ name: pool })).status).toBe('READY');
});
