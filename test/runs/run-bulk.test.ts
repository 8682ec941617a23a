import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** Prefect's own bulk routes, and what it counts about runs. */
let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const { get, post } = requestsTo(() => stack);
const create = (body: object) =>
  stack.client.createFlowRunFromDeployment({ id: work.deployment.id, body });
const at = (ms: number) => new Date(ms).toISOString();
const scheduled = (ms: number) => ({
  state: { type: 'SCHEDULED', state_details: { scheduled_time: at(ms) } },
});
const withKey = () => {
  const tag = randomUUID();
  return { tag, which: { flow_runs: { tags: { all_: [tag] } } } };
};

describe('bulk', () => {
  test('deletes the runs that match, the newest first, at most 50', async () => {
    const ids = (await createRuns(stack.client, work.deployment.id, 55)).sort();
    const flow_runs = { id: { any_: ids } };
    const { body } = await post('/flow_runs/bulk_delete', { flow_runs });
    expect(body.deleted).toHaveLength(50);
    const left = await post('/flow_runs/filter', { flow_runs });
    expect(left.body).toHaveLength(5);
    const newest = Math.min(...body.deleted.map((id: string) => ids.indexOf(id)));
    expect(newest).toBe(5);
    expect((await post('/flow_runs/bulk_delete', { flow_runs, limit: 2 })).body.deleted).toEqual([
      ids[4],
      ids[3],
    ]);
    expect(
      (await post('/flow_runs/bulk_delete', { flow_runs: { id: { any_: [] } } })).body,
    ).toEqual({ deleted: [] });
  });

  test('proposes a state for each, and says what became of it', async () => {
    const { tag, which } = withKey();
    const waiting = await create({ tags: [tag] });
    const done = await create({ tags: [tag], state: { type: 'COMPLETED' } });
    const state = { type: 'CANCELLING', name: 'Cancelling' };
    const { status, body } = await post('/flow_runs/bulk_set_state', { ...which, state });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      {
        flow_run_id: done.id,
        status: 'ABORT',
        state: { type: 'COMPLETED' },
        details: { type: 'abort_details', reason: expect.any(String) },
      },
      { flow_run_id: waiting.id, status: 'REJECT', state: { type: 'CANCELLED' } },
    ]);
    const forced = { ...which, state: { type: 'FAILED', data: { n: 1 } }, force: true };
    const again = await post('/flow_runs/bulk_set_state', forced);
    expect(again.body.results).toMatchObject([
      { status: 'ACCEPT', state: { type: 'FAILED', data: { n: 1 } } },
      { status: 'ACCEPT', state: { type: 'FAILED' } },
    ]);
  });

  test.each([
    ['bulk_delete', { limit: 51 }],
    ['bulk_delete', { limit: 0 }],
    ['bulk_delete', { flow_runs: { nome: {} } }],
    ['bulk_set_state', {}],
    ['bulk_set_state', { state: { type: 'LOST' } }],
    ['bulk_set_state', { state: { type: 'FAILED' }, limit: 51 }],
    ['history', { history_start: at(0), history_end: at(1) }],
    ['history', { history_start: 'x', history_end: at(1), history_interval_seconds: 1 }],
    ['history', { history_start: at(0), history_end: at(1), history_interval_seconds: 0.5 }],
  ])('%s of %j is refused: 422', async (route, body) => {
    expect(await post(`/flow_runs/${route}`, body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    });
  });
});

describe('statistics', () => {
  test('lateness is an average in seconds, and null where nothing matches', async () => {
    const { tag, which } = withKey();
    expect((await post('/flow_runs/lateness', which)).body).toBeNull();
    await create({ tags: [tag], ...scheduled(Date.now() - 100_000) });
    await create({ tags: [tag], ...scheduled(Date.now() + 100_000) });
    const { body } = await post('/flow_runs/lateness', which);
    expect(body).toBeGreaterThanOrEqual(50);
    expect(body).toBeLessThan(80);
  });

  test('history counts runs by when they were to start, and by state', async () => {
    const { tag, which } = withKey();
    const start = Math.floor(Date.now() / 1000) * 1000 - 4 * 3_600_000;
    const hour = 3_600_000;
    await create({ tags: [tag], ...scheduled(start) });
    await create({ tags: [tag], ...scheduled(start + hour - 1) });
    await create({ tags: [tag], ...scheduled(start + 2 * hour) });
    const before = await create({ tags: [tag], ...scheduled(start - 1) });
    await create({ tags: [tag], ...scheduled(start + 3 * hour) });
    const ask = (more: object = {}) =>
      post('/flow_runs/history', {
        ...which,
        history_start: at(start),
        history_end: at(start + 3 * hour),
        history_interval_seconds: 3600,
        ...more,
      });
    const { body } = await ask();
    expect(body.map((one: { states: { count_runs: number }[] }) => one.states)).toMatchObject([
      [{ state_type: 'SCHEDULED', state_name: 'Late', count_runs: 2, sum_estimated_run_time: 0 }],
      [],
      [{ state_type: 'SCHEDULED', state_name: 'Late', count_runs: 1 }],
    ]);
    expect(body[0].states[0].sum_estimated_lateness).toBeGreaterThan(7 * 3600);
    expect(body[2].interval_end).toBe(`${at(start + 3 * hour).slice(0, -1)}000Z`);
    expect((await ask({ history_end: at(start) })).body).toEqual([]);
    expect((await ask({ work_queues: { name: { any_: ['none'] } } })).body[0].states).toEqual([]);
    const many = await ask({ history_interval_seconds: 1, history_end: at(start + 10 * hour) });
    expect(many.body).toHaveLength(500);
    const earlier = await ask({ history_start: at(start - 1) });
    expect(earlier.body[0].states).toMatchObject([{ count_runs: 2 }]);
    expect(before.id).toBeDefined();
  });
});

describe('one state', () => {
  test('is found by its id, also long after others came', async () => {
    const run = await create({});
    const first = run.state_id;
    for (let i = 0; i < 30; i++) {
      const state = { type: 'SCHEDULED', name: `Again${i}` };
      await post(`/flow_runs/${run.id}/set_state`, { state, force: true });
    }
    const states = await stack.client.readFlowRunStates({ query: { flow_run_id: run.id } });
    expect(states).toHaveLength(31);
    for (const id of [first, states[20]?.id, states[30]?.id]) {
      const { status, body } = await get(`/flow_run_states/${id}`);
      expect(status).toBe(200);
      expect(body).toEqual(states.find((state) => state.id === id));
    }
  });

  test('that no run has been in is 404', async () => {
    expect(await get(`/flow_run_states/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { detail: 'Flow run state not found', code: 'flow_run_state_not_found' },
    });
  });
});
