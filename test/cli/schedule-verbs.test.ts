import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { asJson, seen } from './as-seen.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test('schedule ls, pause, resume and late', async () => {
  const { id } = await stack.client.createFlow({ body: { name: 'timed' } });
  for (const [name, schedules] of [
    ['none', []],
    ['one', [{ schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin' } }]],
    [
      'two',
      [
        { schedule: { interval: 3600, anchor_date: '2026-01-01T00:00:00Z' }, slug: 'hourly' },
        { schedule: { rrule: 'FREQ=DAILY' }, slug: 'daily', active: false },
      ],
    ],
  ] as const) {
    await stack.client.createDeployment({
      body: { name, flow_id: id, paused: name === 'two', schedules: [...schedules] },
    });
  }
  expect(
    await seen(stack.url, 'schedule late timed/one --policy skip --grace 60'),
  ).toMatchInlineSnapshot(`
    "Schedule <id> of timed/one skips runs that are more than 60 s late.
    (0)"
  `);
  expect(
    await seen(stack.url, 'schedule late timed/two daily --policy latest'),
  ).toMatchInlineSnapshot(`
    "Schedule daily of timed/two starts only the latest of its late runs.
    (0)"
  `);
  expect(await seen(stack.url, 'schedule resume timed/two daily')).toMatchInlineSnapshot(`
    "Schedule daily of timed/two creates runs again.
    (0)"
  `);
  expect(await seen(stack.url, 'schedule pause timed/two hourly')).toMatchInlineSnapshot(`
    "Schedule hourly of timed/two is paused.
    (0)"
  `);
  expect(await seen(stack.url, 'schedule ls')).toMatchInlineSnapshot(`
    "DEPLOYMENT  SCHEDULE  RULE  STATUS  LATE RUNS
    timed/one  <id>  cron 0 6 * * * (Europe/Berlin)  ACTIVE  skip after 60 s
    timed/two  hourly  every 3600 s from <time> (UTC)  PAUSED  all
    timed/two  daily  DTSTART:20200101T000000 FREQ=DAILY (UTC)  DEPLOYMENT PAUSED  latest
    (0)"
  `);
  expect(await asJson(stack.url, 'schedule ls timed/one')).toMatchObject([{ late_policy: 'skip' }]);
  expect(await seen(stack.url, 'schedule pause timed/two')).toMatchInlineSnapshot(`
    "Name the schedule. timed/two has: hourly, daily.
    (1)"
  `);
  expect(await seen(stack.url, 'schedule pause timed/two weekly')).toMatchInlineSnapshot(`
    "There is no schedule weekly. timed/two has: hourly, daily.
    (1)"
  `);
  expect(await seen(stack.url, 'schedule pause timed/none')).toMatchInlineSnapshot(`
    "timed/none has no schedules.
    (1)"
  `);
  expect(await seen(stack.url, 'schedule late timed/one --policy never')).toMatchInlineSnapshot(`
    "error: option '--policy <policy>' argument 'never' is invalid. Allowed choices are all, latest, skip.
    (dibs --help lists the commands)
    (2)"
  `);
});
