import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../model/store.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

type Filter = Omit<Parameters<TestStack['client']['retryFlowRuns']>[0]['body'], 'by'>;
type Ending = 'COMPLETED' | 'FAILED' | 'CRASHED' | 'CANCELLED';

/** This run is always another by the time it is written. */
let restless: string | undefined;
/** Comes before the next read of a single run: between a choice of runs and their change. */
let meanwhile: (() => Promise<unknown>) | undefined;
/** The reply to the next change of a state is lost: the SDK sends it again. */
let sentTwice = false;
const disturbed = (store: Store): Store => ({
  ...store,
  readRun: async (id) => {
    const interrupt = meanwhile;
    meanwhile = undefined;
    await interrupt?.();
    return store.readRun(id);
  },
  transition: async (to, guard) => {
    if (to.runId === restless) return { done: false, run: await store.readRun(to.runId) };
    if (sentTwice) await store.transition(to, guard);
    sentTwice = false;
    return store.transition(to, guard);
  },
});

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ wrapStore: disturbed });
});
afterAll(() => stack.stop());

const retry = (body: Filter) => stack.client.retryFlowRuns({ body: { by: 'ann', ...body } });
const cancel = (body: Filter) => stack.client.cancelFlowRuns({ body: { by: 'ann', ...body } });
const ids = (...any_: string[]): Filter => ({ flow_runs: { id: { any_ } } });
const idsOf = (runs: readonly { id: string }[]) => runs.map(({ id }) => id).sort();
const read = (id: string) => stack.client.readFlowRun({ id });
const stateOf = async (id: string) => {
  const { state_type, state_name, state } = await read(id);
  return [state_type, state_name, state?.message];
};

type Work = Awaited<ReturnType<typeof createWork>>;

/** A pool of its own, with one run in each of these states. */
async function ended<const Types extends readonly Ending[]>(...types: Types) {
  const work = await createWork(stack.client);
  const made: string[] = [];
  for (const type of types) made.push(await endedRun(work, type));
  const filter: Filter = { work_pools: { name: { any_: [work.pool] } } };
  return { ...work, filter, made: made as { [I in keyof Types]: string } };
}

async function endedRun({ pool, deployment }: Work, type: Ending): Promise<string> {
  const { client } = stack;
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const agent = await openSession(client, pool);
  const [run] = (await claimRuns(client, pool, agent, { start: true })).runs;
  if (run?.flow_run.id !== id) throw new Error('another run was claimed');
  await propose(client, run, type);
  return id;
}

test('FAILED and CRASHED runs are retried, others not unless they are asked for', async () => {
  const { filter, made, pool } = await ended('FAILED', 'CRASHED', 'CANCELLED', 'COMPLETED');
  const [failed, crashed, cancelled] = made;
  const reply = await retry({ ...filter, note: 'the database is back' });
  expect(reply).toMatchObject({ skipped: [], more: false });
  expect(idsOf(reply.changed)).toEqual([failed, crashed].sort());
  const message = 'Retried by ann: the database is back';
  expect(await stateOf(failed)).toEqual(['SCHEDULED', 'AwaitingRetry', message]);
  const agent = await openSession(stack.client, pool);
  const { runs } = await claimRuns(stack.client, pool, agent, { limit: 5 });
  expect(runs.map(({ attempt }) => attempt)).toEqual([2, 2]);

  const more = await retry({ ...filter, flow_runs: { state: { type: { any_: ['CANCELLED'] } } } });
  expect(idsOf(more.changed)).toEqual([cancelled]);
});

test('what is COMPLETED, waits, or belongs to no queue is skipped, and it is said why', async () => {
  const { made, flow, deployment } = await ended('COMPLETED');
  const [completed] = made;
  const [waiting = ''] = await createRuns(stack.client, deployment.id, 1);
  const byHand = await stack.client.createFlowRun({
    body: { flow_id: flow.id, state: { type: 'FAILED' } },
  });
  for (const dry_run of [true, false]) {
    const reply = await retry({ ...ids(completed, waiting, byHand.id), dry_run });
    expect(reply.changed).toEqual([]);
    const reasons = new Map(reply.skipped.map(({ id, reason }) => [id, reason]));
    expect(reasons.get(completed)).toMatch(/^It is Completed: .+\.$/);
    expect(reasons.get(waiting)).toMatch(/^It is Scheduled: .+\.$/);
    expect(reasons.get(byHand.id)).toMatch(/^It is Failed: .+\.$/);
  }
  expect((await read(completed)).state_type).toBe('COMPLETED');
  expect((await read(waiting)).state_name).toBe('Scheduled');
});

test('held runs become CANCELLING, waiting ones CANCELLED, and each says by whom', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const agent = await openSession(client, pool);
  const [held = ''] = await createRuns(client, deployment.id, 1);
  await claimRuns(client, pool, agent, { start: true });
  const [waiting = ''] = await createRuns(client, deployment.id, 1);
  const filter: Filter = { work_pools: { name: { any_: [pool] } } };

  const reply = await cancel({ ...filter, note: 'wrong input' });
  expect(reply).toMatchObject({ skipped: [], more: false });
  expect(new Map(reply.changed.map(({ id, state_name }) => [id, state_name]))).toEqual(
    new Map([
      [held, 'Cancelling'],
      [waiting, 'Cancelled'],
    ]),
  );
  const message = 'Cancelled by ann: wrong input';
  expect(await stateOf(held)).toEqual(['CANCELLING', 'Cancelling', message]);
  expect(await stateOf(waiting)).toEqual(['CANCELLED', 'Cancelled', message]);
  const beat = await client.heartbeat({
    name: pool,
    session_id: agent.session,
    body: { worker_name: agent.worker, capacity: 1, runs: [{ id: held, attempt: 1 }] },
  });
  expect(beat.cancel).toEqual([{ id: held, attempt: 1 }]);
  // What is being cancelled is not asked for again.
  expect(await cancel(filter)).toEqual({ changed: [], skipped: [], more: false });
  for (const dry_run of [true, false]) {
    const again = await cancel({ ...ids(held, waiting), dry_run });
    expect(again.changed).toEqual([]);
    expect(idsOf(again.skipped)).toEqual([held, waiting].sort());
  }
});

test('a run may be chosen by state, deployment, pool, time of its end, and id, all at once', async () => {
  const { made, filter, flow, pool } = await ended('FAILED', 'CRASHED');
  const [failed, crashed] = made;
  const other = await stack.client.createDeployment({
    body: { name: 'other', flow_id: flow.id, work_pool_name: pool },
  });
  const later = await endedRun(
    { ...(await createWork(stack.client)), pool, flow, deployment: other },
    'FAILED',
  );
  const chosen = async (more: Filter) =>
    idsOf((await retry({ ...filter, ...more, dry_run: true })).changed);
  const at = (await read(later)).end_time ?? '';

  expect(await chosen({})).toEqual([failed, crashed, later].sort());
  expect(await chosen({ flow_runs: { state: { type: { any_: ['CRASHED'] } } } })).toEqual([
    crashed,
  ]);
  expect(await chosen({ flow_runs: { deployment_id: { any_: [other.id] } } })).toEqual([later]);
  expect(await chosen({ flow_runs: { end_time: { after_: at } } })).toEqual([later]);
  expect(
    await chosen({ flow_runs: { end_time: { before_: (await read(crashed)).end_time } } }),
  ).toEqual([failed, crashed].sort());
  expect(await chosen(ids(failed, randomUUID()))).toEqual([failed]);
  expect(await chosen({ ...ids(failed), work_pools: { name: { any_: ['nope'] } } })).toEqual([]);
  expect(
    await chosen({
      flow_runs: {
        id: { any_: [failed, crashed, later] },
        state: { type: { any_: ['FAILED'] } },
        deployment_id: { any_: [other.id] },
        end_time: { after_: at },
      },
    }),
  ).toEqual([later]);
});

test('a dry run names the runs and changes none', async () => {
  const { made, filter, deployment } = await ended('FAILED');
  const [failed] = made;
  const [waiting = ''] = await createRuns(stack.client, deployment.id, 1);
  const before = await Promise.all([failed, waiting].map((id) => stateOf(id)));
  expect((await retry({ ...filter, dry_run: true })).changed).toMatchObject([
    { id: failed, state_name: 'Failed' },
  ]);
  expect((await cancel({ ...filter, dry_run: true })).changed).toMatchObject([
    { id: waiting, state_name: 'Scheduled' },
  ]);
  expect(await Promise.all([failed, waiting].map((id) => stateOf(id)))).toEqual(before);
});

test('a call changes as many runs as its limit says, and says whether there are more', async () => {
  const { deployment, pool } = await createWork(stack.client);
  const filter: Filter = { work_pools: { name: { any_: [pool] } } };
  const runs = await createRuns(stack.client, deployment.id, 5);
  const cancelled: string[] = [];
  for (const [count, more] of [
    [2, true],
    [2, true],
    [1, false],
  ] as const) {
    const reply = await cancel({ ...filter, limit: 2 });
    expect([reply.changed.length, reply.more]).toEqual([count, more]);
    cancelled.push(...idsOf(reply.changed));
  }
  expect(cancelled.sort()).toEqual([...runs].sort());
});

test('one run that cannot be decided on does not keep the others from it', async () => {
  const { made, filter } = await ended('FAILED', 'FAILED', 'FAILED');
  const [first, second, third] = made;
  restless = second;
  const reply = await retry(filter);
  expect(idsOf(reply.changed)).toEqual([first, third].sort());
  expect(reply.skipped).toMatchObject([
    { id: second, reason: expect.stringContaining('kept changing') },
  ]);
});

test('of two retries at once one counts: what became of the run since is not undone', async () => {
  const { made, pool } = await ended('FAILED');
  const [id] = made;
  meanwhile = async () => {
    expect(idsOf((await retry(ids(id))).changed)).toEqual([id]);
    const agent = await openSession(stack.client, pool);
    const [run] = (await claimRuns(stack.client, pool, agent, { start: true })).runs;
    if (run) await propose(stack.client, run, 'COMPLETED');
  };
  expect(await retry(ids(id))).toMatchObject({
    changed: [],
    skipped: [{ id, reason: 'It is Completed now.' }],
  });
  expect(await read(id)).toMatchObject({ state_type: 'COMPLETED', attempt: 2 });
});

test('a retry whose reply from the database is lost has been made', async () => {
  const { made } = await ended('FAILED');
  sentTwice = true;
  expect(idsOf((await retry(ids(...made))).changed)).toEqual([...made]);
  expect((await read(made[0])).state_name).toBe('AwaitingRetry');
});
