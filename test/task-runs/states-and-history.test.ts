import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE, SECOND, toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork } from '../support/work.ts';

/** A clock that stands still between its jumps, so that all sums are exact. */
let at = Date.now() * 1000;
const clock = {
  now: () => at,
  jump: (by: number) => {
    at += by;
  },
};
let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const { get, post } = requestsTo(() => stack);

const parentRun = async (): Promise<string> =>
  (await post('/flow_runs/', { flow_id: work.flow.id, state: { type: 'RUNNING' } })).body.id;

async function taskRun(flow_run_id: string | null, more: object = {}) {
  const keys = { task_key: `task-${randomUUID()}`, dynamic_key: '0' };
  const { status, body } = await post('/task_runs/', { ...keys, flow_run_id, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const setState = async (id: string, state: object) =>
  (await post(`/task_runs/${id}/set_state`, { state })).body.state;

const statesOf = async (id: string) => (await get(`/task_run_states/?task_run_id=${id}`)).body;

describe('the states of a task run', () => {
  test('are all kept, with their messages and data, and found one by one', async () => {
    const made = await taskRun(await parentRun());
    const [message, data] = ['m'.repeat(2_000), { big: 'd'.repeat(2_000) }];
    clock.jump(SECOND);
    await setState(made.id, { type: 'RUNNING', message, data });
    clock.jump(SECOND);
    const last = await setState(made.id, { type: 'COMPLETED', name: 'Cached' });
    const states = await statesOf(made.id);
    expect(states.map((one: { name: string }) => one.name)).toEqual([
      'Pending',
      'Running',
      'Cached',
    ]);
    expect(states[1]).toMatchObject({ message, data });
    expect(states.map((one: { id: string }) => one.id)).toEqual([
      made.state_id,
      expect.any(String),
      last.id,
    ]);
    for (const state of states) {
      expect(state.state_details).toMatchObject({
        task_run_id: made.id,
        flow_run_id: made.flow_run_id,
      });
      expect(await get(`/task_run_states/${state.id}`)).toEqual({ status: 200, body: state });
    }
  });

  test('are the latest ones if there are very many', async () => {
    const { id } = await taskRun(null);
    for (let i = 0; i < NUMBERS.taskRunStates + 3; i++) {
      clock.jump(SECOND);
      await setState(id, { type: 'SCHEDULED', name: `Retry ${i}` });
    }
    const states = await statesOf(id);
    expect(states).toHaveLength(NUMBERS.taskRunStates + 1);
    expect(states[0].name).toBe('Retry 2');
    expect(states.at(-1).name).toBe(`Retry ${NUMBERS.taskRunStates + 2}`);
  });

  test('are those of the subflow that it tracks', async () => {
    const made = await taskRun(await parentRun());
    const { body: child } = await post('/flow_runs/', {
      flow_id: work.flow.id,
      parent_task_run_id: made.id,
      state: { type: 'PENDING' },
    });
    clock.jump(SECOND);
    await post(`/flow_runs/${child.id}/set_state`, { state: { type: 'RUNNING' } });
    const states = await statesOf(made.id);
    expect(states.map((one: { type: string }) => one.type)).toEqual(['PENDING', 'RUNNING']);
    expect(states[1].state_details).toMatchObject({
      task_run_id: made.id,
      flow_run_id: made.flow_run_id,
      child_flow_run_id: child.id,
    });
  });

  test('of a task run that is not there are none; a state that is not there is 404', async () => {
    expect(await statesOf(randomUUID())).toEqual([]);
    const none = await get(`/task_run_states/${randomUUID()}`);
    expect([none.status, none.body.code]).toEqual([404, 'task_run_state_not_found']);
    expect((await get('/task_run_states/')).status).toBe(422);
    expect((await get('/task_run_states/?task_run_id=x')).status).toBe(422);
  });
});

describe('the history of task runs', () => {
  test('counts them by expected start and by state, for those that the filter means', async () => {
    const run = await parentRun();
    const start = clock.now();
    const first = await taskRun(run);
    clock.jump(5 * MINUTE);
    const second = await taskRun(run);
    await setState(second.id, { type: 'RUNNING' });
    clock.jump(30 * SECOND);
    await taskRun(run, { state: { type: 'RUNNING' } });
    await setState(first.id, { type: 'COMPLETED' });
    clock.jump(30 * SECOND);
    const body = {
      history_start: toIso(start),
      history_end: toIso(start + 15 * MINUTE),
      history_interval_seconds: 300,
      task_runs: { flow_run_id: { any_: [run] } },
    };
    const { status, body: bins } = await post('/task_runs/history', body);
    expect(status).toBe(200);
    const count = (state_type: string, state_name: string, more: object) => ({
      state_type,
      state_name,
      ...more,
    });
    expect(bins).toEqual([
      {
        interval_start: toIso(start),
        interval_end: toIso(start + 5 * MINUTE),
        states: [
          count('COMPLETED', 'Completed', {
            count_runs: 1,
            sum_estimated_run_time: 0,
            sum_estimated_lateness: 330,
          }),
        ],
      },
      {
        interval_start: toIso(start + 5 * MINUTE),
        interval_end: toIso(start + 10 * MINUTE),
        states: [
          count('RUNNING', 'Running', {
            count_runs: 2,
            sum_estimated_run_time: 90,
            sum_estimated_lateness: 0,
          }),
        ],
      },
      {
        interval_start: toIso(start + 10 * MINUTE),
        interval_end: toIso(start + 15 * MINUTE),
        states: [],
      },
    ]);
    const small = await post('/task_runs/history', { ...body, history_interval_seconds: 0.5 });
    expect(small.status).toBe(422);
    expect(JSON.stringify(small.body)).toContain('History interval must not be less than 1 second');
    const backwards = await post('/task_runs/history', { ...body, history_end: toIso(start) });
    expect(backwards.body).toEqual([]);
  });

  test('states of one interval are in the order of their types and names, as are those of runs', async () => {
    const { body: flow } = await post('/flows/', { name: `flow-${randomUUID()}` });
    const start = clock.now();
    for (const [type, name] of [
      ['SCHEDULED', 'Z'],
      ['RUNNING', 'Running'],
      ['SCHEDULED', 'A'],
      ['COMPLETED', 'Completed'],
    ] as const) {
      await post('/flow_runs/', { flow_id: flow.id, state: { type, name } });
    }
    clock.jump(SECOND);
    const { body } = await post('/flow_runs/history', {
      history_start: toIso(start),
      history_end: toIso(start + MINUTE),
      history_interval_seconds: 60,
      flows: { id: { any_: [flow.id] } },
    });
    expect(body[0].states.map((one: { state_name: string }) => one.state_name)).toEqual([
      'Completed',
      'Running',
      'A',
      'Z',
    ]);
  });
});

test('task runs are sorted by how long they have run, those that run included', async () => {
  const run = await parentRun();
  const short = await taskRun(run, { state: { type: 'RUNNING' } });
  clock.jump(2 * SECOND);
  await setState(short.id, { type: 'COMPLETED' });
  const long = await taskRun(run, { state: { type: 'RUNNING' } });
  clock.jump(SECOND);
  const [waiting, later] = [await taskRun(run), await taskRun(run)];
  clock.jump(5 * SECOND);
  const sorted = async (sort: string) => {
    const body = { sort, task_runs: { flow_run_id: { any_: [run] } } };
    const { body: found } = await post('/task_runs/filter', body);
    const { body: page } = await post('/task_runs/paginate', body);
    expect(page.results.map((one: { id: string }) => one.id)).toEqual(
      found.map((one: { id: string }) => one.id),
    );
    return found.map((one: { id: string }) => one.id);
  };
  expect(await sorted('DURATION_DESC')).toEqual([long.id, short.id, later.id, waiting.id]);
  expect(await sorted('DURATION_ASC')).toEqual([later.id, waiting.id, short.id, long.id]);
});

test('the graph of a run names its task runs, each with the runs that it takes inputs from', async () => {
  const run = await parentRun();
  const first = await taskRun(run);
  const input = { input_type: 'task_run', id: first.id };
  const task_inputs = {
    x: [input],
    y: [input, { input_type: 'constant', type: 'int' }],
    z: [],
  };
  const second = await taskRun(run, { task_inputs, state: { type: 'RUNNING' } });
  await taskRun(await parentRun());
  const { status, body } = await get(`/flow_runs/${run}/graph`);
  expect(status).toBe(200);
  const nodes = new Map(body.map((node: { id: string }) => [node.id, node]));
  expect([...nodes.keys()].sort()).toEqual([first.id, second.id].sort());
  expect(nodes.get(first.id)).toMatchObject({ upstream_dependencies: [], start_time: null });
  expect(nodes.get(second.id)).toMatchObject({
    name: second.name,
    upstream_dependencies: [input],
    state: { type: 'RUNNING' },
    start_time: second.start_time,
    untrackable_result: false,
  });
  const none = await get(`/flow_runs/${randomUUID()}/graph`);
  expect([none.status, none.body.code]).toEqual([404, 'flow_run_not_found']);
});

describe('observed states', () => {
  test('are those that runs and task runs have gone through, with their first and last time', async () => {
    const own = await startTestStack({ context: { now: clock.now } });
    const { flow } = await createWork(own.client);
    const ask = requestsTo(() => own);
    const observed = async (query = '') => (await ask.get(`/observed-states${query}`)).body;
    expect(await observed()).toEqual([]);
    const start = clock.now();
    const made = await ask.post('/flow_runs/', { flow_id: flow.id, state: { type: 'PENDING' } });
    clock.jump(SECOND);
    await ask.post(`/flow_runs/${made.body.id}/set_state`, { state: { type: 'RUNNING' } });
    clock.jump(SECOND);
    const task = { task_key: 'k', dynamic_key: '0', flow_run_id: made.body.id };
    const { body } = await ask.post('/task_runs/', { ...task, state: { type: 'RUNNING' } });
    clock.jump(SECOND);
    const cached = { state: { type: 'COMPLETED', name: 'Cached' } };
    await ask.post(`/task_runs/${body.id}/set_state`, cached);
    const seen = (state_type: string, state_name: string, first: number, last: number) => ({
      state_type,
      state_name,
      first_seen: toIso(start + first * SECOND),
      last_seen: toIso(start + last * SECOND),
    });
    const [pending, running, end] = [
      seen('PENDING', 'Pending', 0, 0),
      seen('RUNNING', 'Running', 1, 2),
      seen('COMPLETED', 'Cached', 3, 3),
    ];
    expect(await observed()).toEqual([end, running, pending]);
    expect(await observed('?order_by=NAME_ASC')).toEqual([end, pending, running]);
    expect(await observed('?limit=1')).toEqual([end]);
    expect(await observed('?query=%20cA')).toEqual([end]);
    expect(await observed('?query=comp')).toEqual([end]);
    expect(await observed('?query=%25')).toEqual([]);
    await own.stop();
  });

  test('a wrong question is refused', async () => {
    const long = 'x'.repeat(101);
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'order_by=x', `query=${long}`]) {
      expect((await get(`/observed-states?${query}`)).status, query).toBe(422);
    }
  });
});
