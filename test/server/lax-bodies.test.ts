import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deployer } from '../deployments/deployer.ts';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post } = requestsTo(() => stack);
const { deployed, flowAndPool } = deployer(() => stack);

test('numbers, flags and ids are taken as pydantic takes them', async () => {
  const { flow } = await flowAndPool();
  const name = randomUUID();
  const pool = { name, type: 'process', concurrency_limit: '3', is_paused: 'true' };
  const made = await post('/work_pools/', pool);
  expect([made.status, made.body.concurrency_limit, made.body.is_paused]).toEqual([201, 3, true]);
  const filter = { flows: { id: { any_: [flow.id.replaceAll('-', '')] } }, limit: '5' };
  expect((await post('/flows/filter', filter)).body).toHaveLength(1);
});

test.each([
  ['PT1H', 3600],
  ['01:00:00', 3600],
  ['P1DT30M', 88_200],
  ['90', 90],
])('an interval of %s is one of %d s', async (interval, seconds) => {
  const schedule = { interval, anchor_date: '2020-01-01' };
  const { at } = await deployed({ schedules: [{ schedule }] });
  const [made] = (await get(`${at}/schedules`)).body;
  expect(made.schedule).toMatchObject({
    interval: seconds,
    anchor_date: expect.stringMatching(/^2020-01-01T00:00:00/),
  });
});

test.each([1_893_456_000, '1893456000', '2030-01-01', 1_893_456_000_000])(
  'a moment written as %j is taken',
  async (moment) => {
    const { at } = await deployed();
    const state = { type: 'SCHEDULED', state_details: { scheduled_time: moment } };
    const run = await post(`${at}/create_flow_run`, { state });
    expect(run.status).toBe(201);
    expect(run.body.next_scheduled_start_time ?? run.body.expected_start_time).toMatch(
      /^2030-01-01T00:00:00/,
    );
  },
);

test('what pydantic refuses stays refused, with what was sent', async () => {
  const { flow } = await flowAndPool();
  for (const concurrency_limit of ['three', '3x', '', [], '3.5']) {
    const pool = { name: randomUUID(), type: 'process', concurrency_limit };
    const made = await post('/work_pools/', pool);
    expect([made.status, made.body.request_body]).toEqual([422, pool]);
  }
  for (const wrong of [{ name: 3 }, { flow_id: 'abc' }, { paused: 'maybe' }, { parameters: '3' }]) {
    const body = { name: 'd', flow_id: flow.id, ...wrong };
    expect((await post('/deployments/', body)).status).toBe(422);
  }
});
