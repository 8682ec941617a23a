import { afterAll, beforeAll, expect, test } from 'vitest';
import { NUMBERS } from '../../model/values/numbers.ts';
import { type MeteredStack, startMeteredStack } from '../support/metered-stack.ts';
import { prefectWorker } from '../support/prefect-worker.ts';
import { writeClaim } from '../support/run-writes.ts';
import { type ClaimedRun, claimRuns, createWork, openSession, propose } from '../support/work.ts';

/** The budget of docs/design: what each verb costs an ordinary run of our own agent. Exact. */
let stack: MeteredStack;
let work: Awaited<ReturnType<typeof createWork>>;
let me: Awaited<ReturnType<typeof openSession>>;
// The clock stands still, so that records stay cached however slow this machine is.
let at = Date.now() * 1000;

beforeAll(async () => {
  stack = await startMeteredStack({ now: () => at });
  work = await createWork(stack.client, { parameters: { path: 'a/b.txt', count: 3 } });
  me = await openSession(stack.client, work.pool);
  // The first claim of a session reads its records anew.
  at += NUMBERS.limitsViewedWithin;
  // The first run of a day notes the day, once per process.
  await create();
  await claimRuns(stack.client, work.pool, me);
});
afterAll(() => stack.stop());

/** The write units of one call. */
async function writes(call: () => Promise<unknown>): Promise<number> {
  const [, units] = await stack.meter.measured(call);
  return units.writes;
}

async function claimedRun(start: boolean): Promise<ClaimedRun> {
  const { client } = stack;
  const [run] = (await claimRuns(client, work.pool, me, { start })).runs;
  if (!run) throw new Error('nothing was claimed');
  return run;
}

const create = () =>
  stack.client.createFlowRunFromDeployment({
    id: work.deployment.id,
    body: { idempotency_key: crypto.randomUUID(), parameters: { path: 'c/d.txt' } },
  });

test('create costs 4: the item and an entry in each of three indexes', async () => {
  expect(await writes(create)).toBe(4);
  await claimedRun(false);
});

test('claim costs 3, start 1, finish 2: with create, a lifecycle costs 10', async () => {
  let run: ClaimedRun | undefined;
  const created = await writes(create);
  const claimed = await writes(async () => {
    run = await claimedRun(false);
  });
  const mine = run as ClaimedRun;
  const started = await writes(() => propose(stack.client, mine, 'RUNNING'));
  const finished = await writes(() => propose(stack.client, mine, 'COMPLETED'));
  expect({ created, claimed, started, finished }).toEqual({
    created: 4,
    claimed: 3,
    started: 1,
    finished: 2,
  });
});

test('with the start merged into the claim a lifecycle costs 9', async () => {
  let run: ClaimedRun | undefined;
  const created = await writes(create);
  const claimed = await writes(async () => {
    run = await claimedRun(true);
  });
  const finished = await writes(() => propose(stack.client, run as ClaimedRun, 'COMPLETED'));
  expect(created + claimed + finished).toBe(9);
});

test('FAILED costs 3: it moves to the dead-letter view', async () => {
  await create();
  const run = await claimedRun(true);
  expect(await writes(() => propose(stack.client, run, 'FAILED'))).toBe(3);
});

test('a plain start or finish reads nothing; a give-back reads the run once and costs 3', async () => {
  await create();
  const run = await claimedRun(false);
  stack.meter.take();
  await propose(stack.client, run, 'RUNNING');
  expect(stack.meter.take()).toMatchObject({ calls: ['UpdateItem'], reads: 0, writes: 1 });
  await propose(stack.client, run, 'SCHEDULED');
  expect(stack.meter.take()).toMatchObject({
    calls: ['GetItem', 'UpdateItem'],
    reads: 1,
    writes: 3,
  });
  await propose(stack.client, await claimedRun(true), 'COMPLETED');
  expect(stack.meter.take().writes).toBe(5);
});

test('an idle poll writes nothing: one read of the session and one query per shard', async () => {
  await claimRuns(stack.client, work.pool, me);
  stack.meter.take();
  await claimRuns(stack.client, work.pool, me);
  // DynamoDB asks half a unit for an empty page; DynamoDB Local says none.
  expect(stack.meter.take()).toEqual({ calls: ['GetItem', 'Query'], reads: 1, writes: 0 });
});

test('a heartbeat costs 1, however many runs the session holds, and half a unit to look', async () => {
  for (let i = 0; i < 5; i++) await create();
  const { runs } = await claimRuns(stack.client, work.pool, me, { limit: 5 });
  expect(runs).toHaveLength(5);
  const beat = () =>
    stack.client.heartbeat({
      name: work.pool,
      session_id: me.session,
      body: {
        worker_name: me.worker,
        capacity: 0,
        runs: [...held.values()],
      },
    });
  const workers = await stack.client.readWorkers({ name: work.pool });
  const held = new Map(workers.flatMap(({ holds }) => holds).map((run) => [run.id, run]));
  expect(held.size).toBeGreaterThanOrEqual(5);
  await beat();
  stack.meter.take();
  await beat();
  expect(stack.meter.take()).toEqual({ calls: ['UpdateItem', 'Query'], reads: 0.5, writes: 1 });
});

test('a lost race costs one conditional write, which brings the holder, and no read', async () => {
  await create();
  const run = await claimedRun(false);
  stack.meter.take();
  const written = await writeClaim(stack, { id: run.flow_run.id, attempt: 0 });
  expect(written.won).toBe(false);
  expect(written.run?.claim?.sessionId).toBe(me.session);
  expect(stack.meter.take().calls).toEqual(['UpdateItem']);
});

test('polls leave a stamp beside their queue: 1 per process and half a minute, whoever polls', async () => {
  const { store } = stack.context;
  const queue = [work.deployment.work_queue_id ?? ''];
  expect(await writes(() => store.stampPolled(queue))).toBe(0);
  at += NUMBERS.polledStampEvery;
  expect(await writes(() => store.stampPolled(queue))).toBe(1);
  expect(await writes(() => store.stampPolled(queue))).toBe(0);
});

test("a worker's labels cost 1, and a read of the run", async () => {
  const { id } = await create();
  const worker = prefectWorker(stack, work);
  await worker.claim(id);
  await worker.label(id);
  stack.meter.take();
  expect((await worker.label(id)).status).toBe(204);
  expect(stack.meter.take()).toEqual({ calls: ['GetItem', 'UpdateItem'], reads: 1, writes: 1 });
});
