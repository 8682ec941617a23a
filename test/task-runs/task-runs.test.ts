import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork } from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const { get, post, patch, remove } = requestsTo(() => stack);

/** A flow that somebody executes by hand. */
const parentRun = async () =>
  (
    await stack.client.createFlowRun({
      body: { flow_id: work.flow.id, state: { type: 'RUNNING' } },
    })
  ).id;

const NO_DETAILS = { flow_run_id: null, task_run_id: null, child_flow_run_id: null };
/** As run_deployment() and subflows send it. */
const tracking = (flow_run_id: string | null, more: object = {}) => ({
  state: { type: 'PENDING', name: 'Pending', message: null, data: null, state_details: NO_DETAILS },
  name: null,
  flow_run_id,
  task_key: 'prefect.deployments.flow_runs.run_deployment.child-d',
  dynamic_key: '0',
  cache_key: null,
  cache_expiration: null,
  task_version: '3d5fd99e1ae0f518ceb16a5827921f7b',
  empirical_policy: {
    max_retries: 0,
    retry_delay_seconds: 0.0,
    retries: 0,
    retry_delay: 0,
    retry_jitter_factor: null,
  },
  tags: [],
  labels: {},
  task_inputs: { x: [] },
  ...more,
});
const create = async (flowRunId: string | null, more: object = {}) =>
  (await post('/task_runs/', tracking(flowRunId, more))).body.id as string;

describe('a task run', () => {
  test('has the shape that clients expect', async () => {
    const flowRunId = await parentRun();
    const { status, body } = await post('/task_runs/', tracking(flowRunId));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      flow_run_id: flowRunId,
      task_key: 'prefect.deployments.flow_runs.run_deployment.child-d',
      dynamic_key: '0',
      empirical_policy: { max_retries: 0, retries: 0, retry_delay: 0, retry_jitter_factor: null },
      labels: { 'prefect.flow.id': work.flow.id, 'prefect.flow-run.id': flowRunId },
      task_inputs: { x: [] },
      state_type: 'PENDING',
      state_name: 'Pending',
      run_count: 0,
      flow_run_run_count: 0,
      start_time: null,
      state: { state_details: { flow_run_id: flowRunId, task_run_id: body.id } },
    });
    expect(body.name).toMatch(/^[a-z]+-[a-z]+$/);
    expect((await get(`/task_runs/${body.id}`)).body).toMatchObject({ id: body.id });
  });

  test('is created once per flow run, task key and dynamic key', async () => {
    const [one, two] = [await parentRun(), await parentRun()];
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/task_runs/', tracking(one))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(7).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const id = answers[0]?.body.id;
    expect(await create(one, { dynamic_key: '1' })).not.toBe(id);
    expect(await create(one, { task_key: 'other' })).not.toBe(id);
    expect(await create(two)).not.toBe(id);
    const key = randomUUID();
    expect(await create(null, { task_key: key })).toBe(await create(null, { task_key: key }));
  });

  test('may bring its id, which nobody else may have', async () => {
    const flowRunId = await parentRun();
    const id = randomUUID();
    expect(await create(flowRunId, { id })).toBe(id);
    expect(await post('/task_runs/', tracking(flowRunId, { id, dynamic_key: '7' }))).toMatchObject({
      status: 409,
      body: { code: 'task_run_exists' },
    });
  });

  test('is in the state that was set last, with the times that follow from it', async () => {
    const id = await create(await parentRun(), { name: 'mine' });
    const set = (state: object) => post(`/task_runs/${id}/set_state`, { state, force: false });
    const transition_id = randomUUID();
    const running = { type: 'RUNNING', state_details: { transition_id } };
    expect(await set(running)).toMatchObject({
      status: 201,
      body: { status: 'ACCEPT', details: { type: 'accept_details' }, state: { type: 'RUNNING' } },
    });
    expect((await set(running)).status).toBe(200);
    await set({ type: 'COMPLETED', data: { big: 12345 }, message: 'x'.repeat(1_000) });
    const { body } = await get(`/task_runs/${id}`);
    expect(body).toMatchObject({
      name: 'mine',
      state_type: 'COMPLETED',
      run_count: 1,
      state: { data: { big: 12345 }, message: 'x'.repeat(1_000) },
    });
    expect(body.start_time < body.end_time).toBe(true);
    expect(body.total_run_time).toBeGreaterThan(0);
  });

  test('is renamed, and deleted', async () => {
    const flowRunId = await parentRun();
    const id = await create(flowRunId);
    expect((await patch(`/task_runs/${id}`, { name: 'new' })).status).toBe(204);
    expect((await get(`/task_runs/${id}`)).body.name).toBe('new');
    expect((await remove(`/task_runs/${id}`)).status).toBe(204);
    const gone = { status: 404, body: { detail: 'Task not found', code: 'task_run_not_found' } };
    expect(await get(`/task_runs/${id}`)).toMatchObject(gone);
    expect(await remove(`/task_runs/${id}`)).toMatchObject(gone);
    expect(await patch(`/task_runs/${id}`, {})).toMatchObject(gone);
    expect(await patch(`/task_runs/${id}`, { name: 'x' })).toMatchObject(gone);
    const state = { type: 'RUNNING' };
    expect(await post(`/task_runs/${id}/set_state`, { state })).toMatchObject(gone);
    // Its keys are free again.
    expect(await create(flowRunId)).not.toBe(id);
  });

  test('goes with its flow run', async () => {
    const flowRunId = await parentRun();
    const id = await create(flowRunId);
    await stack.client.deleteFlowRun({ id: flowRunId });
    expect((await get(`/task_runs/${id}`)).status).toBe(404);
  });

  test.each([
    ['without keys', { flow_run_id: null }],
    ['with a number for a key', tracking(null, { dynamic_key: 0 })],
    ['with a field more', tracking(null, { run_count: 1 })],
    ['in a state that is none', tracking(null, { state: { type: 'LOST' } })],
    ['with inputs that are a list', tracking(null, { task_inputs: [] })],
  ])('%s is refused: 422', async (_, body) => {
    expect(await post('/task_runs/', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    });
  });

  test('that has the id of a flow run takes nothing of it along when it is deleted', async () => {
    const parameters = { text: 'x'.repeat(20_000) };
    const body = { flow_id: work.flow.id, parameters };
    const { id } = await stack.client.createFlowRun({ body });
    const state = { type: 'COMPLETED', data: { type: 'x', text: 'y'.repeat(20_000) } };
    expect((await post('/task_runs/', tracking(null, { id, state }))).status).toBe(201);
    expect((await get(`/task_runs/${id}`)).body.state.data).toEqual(state.data);
    expect((await remove(`/task_runs/${id}`)).status).toBe(204);
    expect((await get(`/flow_runs/${id}`)).body).toMatchObject({ id, parameters });
  });

  test('of an unknown flow run is refused: 404', async () => {
    expect(await post('/task_runs/', tracking(randomUUID()))).toMatchObject({
      status: 404,
      body: { code: 'flow_run_not_found' },
    });
  });
});

describe('a subflow', () => {
  const child = (parent_task_run_id: string, more: object = {}) =>
    stack.client.createFlowRun({
      body: { flow_id: work.flow.id, parent_task_run_id, state: { type: 'PENDING' }, ...more },
    });
  const find = async (flow_runs: object, more: object = {}) => {
    const { body } = await post('/flow_runs/filter', { flow_runs, ...more });
    return (body as { id: string }[]).map(({ id }) => id);
  };

  test('is found by its parents, at once', async () => {
    const flowRunId = await parentRun();
    const taskRunId = await create(flowRunId);
    const lookup = { parent_task_run_id: { any_: [taskRunId] } };
    const one = { sort: 'EXPECTED_START_TIME_DESC', limit: 1 };
    expect(await find(lookup, one)).toEqual([]);
    const run = await child(taskRunId);
    expect(run).toMatchObject({
      parent_task_run_id: taskRunId,
      state: { state_details: { task_run_id: taskRunId } },
    });
    expect(await find(lookup, one)).toEqual([run.id]);
    expect(await find({ parent_flow_run_id: { any_: [flowRunId] } })).toEqual([run.id]);
    const slowly = { operator: 'or_', parent_flow_run_id: { any_: [flowRunId] } };
    expect(await find({ ...slowly, id: { any_: [] } })).toEqual([run.id]);
    expect(await find({ ...slowly, parent_task_run_id: { any_: [taskRunId] } })).toEqual([run.id]);
    expect(await find({}, { task_runs: { id: { any_: [taskRunId] } } })).toEqual([flowRunId]);
  });

  test("shows its tracking task run in its state, and that is the subflow's for good", async () => {
    const taskRunId = await create(await parentRun());
    const run = await child(taskRunId);
    const seen = async () => (await get(`/task_runs/${taskRunId}`)).body;
    expect(await seen()).toMatchObject({
      state_type: 'PENDING',
      state_id: run.state_id,
      state: { state_details: { child_flow_run_id: run.id, task_run_id: taskRunId } },
    });
    const set = (state: object) =>
      stack.client.setState({ id: run.id, body: { state: state as { type: 'RUNNING' } } });
    await set({ type: 'RUNNING' });
    expect(await seen()).toMatchObject({ state_type: 'RUNNING', run_count: 1, end_time: null });
    await set({ type: 'COMPLETED', data: { type: 'unpersisted' } });
    expect(await seen()).toMatchObject({
      state_type: 'COMPLETED',
      state: { data: { type: 'unpersisted' } },
    });
    expect((await seen()).end_time).not.toBeNull();
  });

  test('whose parent is deleted is still there, and so is the way to it', async () => {
    const taskRunId = await create(await parentRun());
    const run = await child(taskRunId);
    await remove(`/task_runs/${taskRunId}`);
    expect(await find({ parent_task_run_id: { any_: [taskRunId] } })).toEqual([run.id]);
    await stack.client.deleteFlowRun({ id: run.id });
    expect(await find({ parent_task_run_id: { any_: [taskRunId] } })).toEqual([]);
  });

  test('of a deployment is found in the same way', async () => {
    const taskRunId = await create(await parentRun());
    const run = await stack.client.createFlowRunFromDeployment({
      id: work.deployment.id,
      body: { parent_task_run_id: taskRunId },
    });
    expect(await find({ parent_task_run_id: { any_: [taskRunId] } })).toEqual([run.id]);
    expect((await get(`/task_runs/${taskRunId}`)).body.state_type).toBe('SCHEDULED');
  });
});

describe('task runs are listed', () => {
  let flowRunId: string;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    flowRunId = await parentRun();
    ids['a'] = await create(flowRunId, { name: 'a', dynamic_key: 'a', tags: ['x', 'y'] });
    ids['b'] = await create(flowRunId, { name: 'b', dynamic_key: 'b', tags: ['x'] });
    ids['c'] = await create(flowRunId, { name: 'c', dynamic_key: 'c' });
    await post(`/task_runs/${ids['b']}/set_state`, { state: { type: 'COMPLETED' } });
    await stack.client.createFlowRun({
      body: {
        flow_id: work.flow.id,
        parent_task_run_id: ids['c'],
        state: { type: 'RUNNING' },
      },
    });
    ids['alone'] = await create(null, { name: 'alone', dynamic_key: randomUUID() });
  });

  const mine = () => ({ flow_run_id: { any_: [flowRunId] } });
  test.each([
    ['by flow run', () => ({ task_runs: mine() }), ['a', 'b', 'c']],
    ['by id', () => ({ task_runs: { id: { any_: [ids['a'], randomUUID()] } } }), ['a']],
    ['by no id', () => ({ task_runs: { id: { any_: [] } } }), []],
    ['by name', () => ({ task_runs: { ...mine(), name: { like_: 'B' } } }), ['b']],
    ['by tags', () => ({ task_runs: { ...mine(), tags: { all_: ['x', 'y'] } } }), ['a']],
    ['by no tags', () => ({ task_runs: { ...mine(), tags: { is_null_: true } } }), ['c']],
    [
      'by state',
      () => ({ task_runs: { ...mine(), state: { type: { any_: ['COMPLETED'] } } } }),
      ['b'],
    ],
    [
      'by the state of a subflow',
      () => ({ task_runs: { ...mine(), state: { name: { any_: ['Running'] } } } }),
      ['c'],
    ],
    [
      'with a subflow',
      () => ({ task_runs: { ...mine(), subflow_runs: { exists_: true } } }),
      ['c'],
    ],
    [
      'without one',
      () => ({ task_runs: { ...mine(), subflow_runs: { exists_: false } } }),
      ['a', 'b'],
    ],
    ['ended', () => ({ task_runs: { ...mine(), end_time: { is_null_: false } } }), ['b']],
    ['started', () => ({ task_runs: { ...mine(), start_time: { is_null_: false } } }), ['b', 'c']],
    [
      'of a filtered flow run',
      () => ({ flow_runs: { id: { any_: [flowRunId] } } }),
      ['a', 'b', 'c'],
    ],
    [
      'of a filtered flow',
      () => ({
        flows: { id: { any_: [work.flow.id] } },
        task_runs: { name: { any_: ['a', 'b', 'c', 'alone'] } },
      }),
      ['a', 'b', 'c'],
    ],
    ['of no flow run', () => ({ task_runs: { name: { any_: ['alone'] } } }), ['alone']],
    [
      'of no flow run, but named so',
      () => ({ task_runs: { flow_run_id: { is_null_: true }, name: { any_: ['alone', 'a'] } } }),
      ['alone'],
    ],
    [
      'of some flow run, but named so',
      () => ({ task_runs: { flow_run_id: {}, name: { any_: ['alone', 'a'] } } }),
      ['a'],
    ],
    [
      'either',
      () => ({ task_runs: { operator: 'or_', id: { any_: [ids['a']] }, name: { any_: ['b'] } } }),
      ['a', 'b'],
    ],
  ])('%s', async (_, filter, names) => {
    const { body } = await post('/task_runs/filter', { ...filter(), sort: 'NAME_ASC' });
    const found = (body as { name: string }[]).map(({ name }) => name);
    expect(found).toEqual([...names].sort());
    expect((await post('/task_runs/count', filter())).body).toBe(names.length);
  });

  test('in order, and in pages', async () => {
    const order = async (body: object) =>
      ((await post('/task_runs/filter', body)).body as { name: string }[]).map(({ name }) => name);
    const task_runs = mine();
    expect(await order({ task_runs, sort: 'EXPECTED_START_TIME_DESC' })).toEqual(['c', 'b', 'a']);
    expect(await order({ task_runs, sort: 'EXPECTED_START_TIME_ASC' })).toEqual(['a', 'b', 'c']);
    expect(await order({ task_runs, sort: 'NAME_DESC', limit: 1, offset: 1 })).toEqual(['b']);
    expect(await order({ sort: 'EXPECTED_START_TIME_DESC', limit: 1 })).toEqual(['alone']);
    const page = await post('/task_runs/paginate', { task_runs, limit: 2, page: 2 });
    expect(page.body).toMatchObject({ count: 3, limit: 2, pages: 2, page: 2 });
    expect(page.body.results).toHaveLength(1);
  });

  test('not with a filter that is none: 422', async () => {
    for (const body of [{ task_runs: { age: {} } }, { limit: 201 }, { sort: 'START_TIME_ASC' }]) {
      expect((await post('/task_runs/filter', body)).status).toBe(422);
    }
  });
});
