import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweeper } from '../../lambdas/sweeper.ts';
import type { Store } from '../../model/store.ts';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** A run is cancelled that has started others: those that wait, those that are held, and subflows. */
let stack: TestStack;
let parent: Awaited<ReturnType<typeof createWork>>;
let child: typeof parent;
/** While this is set, a request that cancels a run ends before it looks at what the run started. */
let isCutShort = false;
let now: number | undefined;
const { get, post } = requestsTo(() => stack);

beforeAll(async () => {
  stack = await startTestStack({
    context: { now: () => now ?? Date.now() * 1000 },
    wrapStore: (store): Store => ({
      ...store,
      listTaskRunsOf: async (id) => {
        if (isCutShort) throw new Error('the request ends here');
        return store.listTaskRunsOf(id);
      },
    }),
  });
  parent = await createWork(stack.client);
  child = await createWork(stack.client);
});
afterAll(() => stack.stop());

const propose = async (id: string, type: string, force = false) =>
  (await post(`/flow_runs/${id}/set_state`, { state: { type }, force })).body.status;
const stateOf = async (id: string): Promise<string> =>
  (await get(`/flow_runs/${id}`)).body.state_type;
const taskStateOf = async (id: string): Promise<string> =>
  (await get(`/task_runs/${id}`)).body.state_type;

async function running(work = parent): Promise<string> {
  const [id = ''] = await createRuns(stack.client, work.deployment.id, 1);
  for (const type of ['PENDING', 'RUNNING']) expect(await propose(id, type)).toBe('ACCEPT');
  return id;
}
const taskRunOf = async (flow_run_id: string): Promise<string> => {
  const keys = { task_key: 'child', dynamic_key: randomUUID() };
  return (await post('/task_runs/', { flow_run_id, ...keys })).body.id;
};
async function childOf(runId: string, ...types: string[]): Promise<string> {
  const parent_task_run_id = await taskRunOf(runId);
  const path = `/deployments/${child.deployment.id}/create_flow_run`;
  const { id } = (await post(path, { parent_task_run_id })).body;
  for (const type of types) expect(await propose(id, type)).toBe('ACCEPT');
  return id;
}
async function subflowOf(runId: string): Promise<string> {
  const parent_task_run_id = await taskRunOf(runId);
  const state = { type: 'RUNNING' };
  return (await post('/flow_runs/', { flow_id: parent.flow.id, parent_task_run_id, state })).body
    .id;
}
async function family() {
  const id = await running();
  const waits = await childOf(id);
  const held = await childOf(id, 'PENDING');
  const runs = await childOf(id, 'PENDING', 'RUNNING');
  const done = await childOf(id, 'PENDING', 'RUNNING', 'COMPLETED');
  const subflow = await subflowOf(id);
  const grandchild = await childOf(subflow);
  const task = await taskRunOf(id);
  return { id, waits, held, runs, done, subflow, grandchild, task };
}
const AFTER_CANCELLED = {
  waits: 'CANCELLED',
  held: 'CANCELLING',
  runs: 'CANCELLING',
  done: 'COMPLETED',
  subflow: 'CANCELLED',
  grandchild: 'CANCELLED',
  task: 'CANCELLED',
};
const AFTER_CANCELLING = { ...AFTER_CANCELLED, subflow: 'CANCELLING', task: 'PENDING' };

async function states({ id: _, task, ...runs }: Awaited<ReturnType<typeof family>>) {
  const found = Object.entries(runs).map(async ([name, id]) => [name, await stateOf(id)]);
  return { ...Object.fromEntries(await Promise.all(found)), task: await taskStateOf(task) };
}
const sweep = () => sweeper(stack.context)();

test('a cancelled run takes what it has started with it, at once', async () => {
  const all = await family();
  expect(await propose(all.id, 'CANCELLED', true)).toBe('ACCEPT');
  expect(await states(all)).toEqual(AFTER_CANCELLED);
  const { message } = (await get(`/flow_runs/${all.waits}`)).body.state;
  expect(message).toContain(`(${all.id}), was cancelled.`);
});

test('a run that is asked to stop has its children stopped, too, and their task runs end with it', async () => {
  const all = await family();
  expect(await propose(all.id, 'CANCELLING')).toBe('ACCEPT');
  expect(await states(all)).toEqual(AFTER_CANCELLING);
  expect(await propose(all.id, 'CANCELLED')).toBe('ACCEPT');
  expect(await states(all)).toEqual(AFTER_CANCELLED);
});

test('a sweep does what a request that ended early has left, and forgets it when it is done', async () => {
  const all = await family();
  isCutShort = true;
  expect(await propose(all.id, 'CANCELLED', true)).toBe('ACCEPT');
  isCutShort = false;
  expect(await stateOf(all.waits)).toBe('SCHEDULED');
  await sweep();
  expect(await states(all)).toEqual(AFTER_CANCELLED);
  await sweep();
  expect(await stack.context.store.listCancellations(Date.now() * 1000)).toEqual([]);
});

test('a holder that does not stop loses the run after five minutes, and its children are cancelled', async () => {
  const all = await family();
  expect(await propose(all.id, 'CANCELLING')).toBe('ACCEPT');
  now = (Date.now() + 6 * 60_000) * 1000;
  await sweep();
  await sweep();
  now = undefined;
  expect(await stateOf(all.id)).toBe('CANCELLED');
  expect(await states(all)).toEqual({ ...AFTER_CANCELLED, held: 'CANCELLED', runs: 'CANCELLED' });
});

test.each(['CANCELLING', 'CANCELLED'])(
  'what a process still starts after its run is %s is cancelled',
  async (type) => {
    const id = await running();
    const parent_task_run_id = await taskRunOf(id);
    expect(await propose(id, type, true)).toBe('ACCEPT');
    const path = `/deployments/${child.deployment.id}/create_flow_run`;
    const { body } = await post(path, { parent_task_run_id });
    expect(body.state_type).toBe('CANCELLED');
    const later = await taskRunOf(id);
    if (type === 'CANCELLING') expect(await propose(id, 'CANCELLED')).toBe('ACCEPT');
    await sweep();
    expect(await taskStateOf(later)).toBe('CANCELLED');
  },
);

test('a run that is put back into its queue keeps what it starts then', async () => {
  const all = await family();
  isCutShort = true;
  await propose(all.id, 'CANCELLED', true);
  isCutShort = false;
  expect(await propose(all.id, 'SCHEDULED')).toBe('ACCEPT');
  const started = await childOf(all.id);
  await sweep();
  expect(await stateOf(started)).toBe('SCHEDULED');
  expect(await stateOf(all.waits)).toBe('SCHEDULED');
});

test('the cancellation of several runs at once takes their children, too', async () => {
  const all = await family();
  const flow_runs = { id: { any_: [all.id] } };
  expect((await post('/flow_runs/cancel', { flow_runs, by: 'me' })).status).toBe(200);
  expect(await states(all)).toEqual(AFTER_CANCELLING);
});
