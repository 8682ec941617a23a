import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../model/values/instant.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { request } from '../support/http.ts';
import { createScheduled, runsOf } from '../support/schedules.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let clock: MovableClock;
let stack: TestStack;
beforeAll(async () => {
  clock = movableClock();
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

const hourly = { schedule: { interval: 3600 }, slug: 'hourly' };
const ahead = async (id: string) =>
  (await runsOf(stack.context, id)).filter(
    ({ at, type }) => at > clock.now() && type === 'SCHEDULED',
  );
const change = (id: string, body: object) => request(stack, 'PATCH', `/deployments/${id}`, body);

test('runs are there as soon as the deployment is, and say who made them', async () => {
  const { id, deployment } = await createScheduled(stack, [{ ...hourly, parameters: { x: 1 } }]);
  const runs = await ahead(id);
  expect(runs).toHaveLength(3);
  const { body } = await request(stack, 'GET', `/flow_runs/${runs[0]?.id}`);
  expect(body).toMatchObject({
    auto_scheduled: true,
    parameters: { x: 1 },
    tags: ['auto-scheduled'],
    created_by: { id: deployment.schedules[0]?.id, type: 'SCHEDULE', display_value: 'hourly' },
    state: { name: 'Scheduled', message: 'Flow run scheduled' },
  });
});

test('a change of the deployment makes the runs to come anew, and leaves those that are due', async () => {
  const { id } = await createScheduled(stack, [hourly]);
  clock.jump(HOUR + MINUTE);
  const before = await runsOf(stack.context, id);
  await change(id, { tags: ['new'] });
  const after = await runsOf(stack.context, id);
  const due = after.filter(({ at }) => at <= clock.now());
  expect(due.map(({ id: run }) => run)).toEqual([before[0]?.id]);
  const toCome = await ahead(id);
  expect(toCome).toHaveLength(3);
  for (const { run } of toCome) expect(run.tags).toEqual(['auto-scheduled', 'new']);
});

test('a paused deployment has no runs to come, and a resumed one has them again', async () => {
  const { id } = await createScheduled(stack, [hourly]);
  await request(stack, 'POST', `/deployments/${id}/pause_deployment`);
  expect(await ahead(id)).toEqual([]);
  await request(stack, 'POST', `/deployments/${id}/resume_deployment`);
  expect(await ahead(id)).toHaveLength(3);
  await change(id, { paused: true });
  expect(await ahead(id)).toEqual([]);
});

test('a deleted deployment leaves no runs to come', async () => {
  const { id } = await createScheduled(stack, [hourly]);
  await request(stack, 'DELETE', `/deployments/${id}`);
  expect(await runsOf(stack.context, id)).toEqual([]);
  expect(await stack.context.store.readVisit(id)).toBeUndefined();
});

test('what a person deletes of the runs to come is not made again', async () => {
  const { id } = await createScheduled(stack, [hourly]);
  const [first] = await ahead(id);
  await request(stack, 'DELETE', `/flow_runs/${first?.id}`);
  await request(stack, 'POST', `/deployments/${id}/schedule`, {});
  expect((await ahead(id)).map((run) => run.id)).not.toContain(first?.id);
});

test('a slug that is taken, and more schedules than fit, change nothing', async () => {
  const { id } = await createScheduled(stack, [hourly]);
  const add = (schedules: object[]) =>
    request(stack, 'POST', `/deployments/${id}/schedules`, schedules);
  const taken = await add([{ schedule: { interval: 60 }, slug: 'hourly' }]);
  expect(taken).toMatchObject({ status: 409, body: { code: 'schedule_slug_taken' } });
  const many = Array.from({ length: 100 }, () => ({ schedule: { interval: 60 }, active: false }));
  expect(await add(many)).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  const { body } = await request(stack, 'GET', `/deployments/${id}/schedules`);
  expect(body).toHaveLength(1);
});

test.each([
  [{ cron: '0 25 * * *' }, 'The cron "0 25 * * *" cannot be read'],
  [{ cron: '0 0 * * *', timezone: 'Mars/Olympus' }, 'The time zone "Mars/Olympus" cannot be read'],
  [{ rrule: 'FREQ=NEVER' }, 'The recurrence rule cannot be read'],
  [{ interval: 0.1 }, 'at least one second'],
])('%j is refused with what is wrong with it', async (schedule, message) => {
  const { id } = await createScheduled(stack, []);
  const answer = await request(stack, 'POST', `/deployments/${id}/schedules`, [{ schedule }]);
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toContain(JSON.stringify(message).slice(1, -1));
});

test('two clients that change schedules of one deployment at once are both heard', async () => {
  const { id } = await createScheduled(stack, []);
  const add = (slug: string) =>
    request(stack, 'POST', `/deployments/${id}/schedules`, [{ ...hourly, slug }]);
  const answers = await Promise.all(['a', 'b', 'c'].map(add));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  const { body } = await request(stack, 'GET', `/deployments/${id}/schedules`);
  expect(body.map(({ slug }: { slug: string }) => slug).sort()).toEqual(['a', 'b', 'c']);
  expect(await ahead(id)).toHaveLength(9);
});
