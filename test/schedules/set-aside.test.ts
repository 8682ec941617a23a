import { afterAll, beforeAll, expect, test } from 'vitest';
import { runScheduler } from '../../core/schedules/run-scheduler.ts';
import { DAY } from '../../model/values/instant.ts';
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

const DAILY = 'DTSTART:20260101T000000\nRRULE:FREQ=DAILY';

/** A deployment with two schedules, one of which has a rule that was taken by an earlier version. */
async function withRule(rrule: string) {
  const made = await createScheduled(stack, [
    { schedule: { rrule: DAILY }, slug: 'old' },
    { schedule: { interval: 86_400 }, slug: 'other' },
  ]);
  const [stored] = await stack.context.store.readDeployments([made.id]);
  if (!stored) throw new Error('The deployment is gone.');
  const schedules = stored.schedules.map((one) =>
    one.slug === 'old' ? { ...one, rule: { kind: 'rrule', rrule, timezone: 'UTC' } as const } : one,
  );
  const generation = stored.generation + 1;
  const since = clock.now();
  const visit = { deploymentId: stored.id, generation, since, at: since, until: {} };
  await stack.context.store.overwriteDeployment({ ...stored, schedules, generation }, { visit });
  return made;
}
const schedulesOf = async (id: string) => {
  const { body } = await request(stack, 'GET', `/deployments/${id}/schedules`);
  const all = body as { id: string; slug: string; set_aside: string | null }[];
  return new Map(all.map((one) => [one.slug, one]));
};

test.each([
  [
    `${DAILY}\nEXRULE:FREQ=DAILY`,
    'Times of the recurrence rule cannot be found within 100,000 steps.',
  ],
  ['DTSTART:20260101T000000\nRRULE:FREQ=SECONDLY;BYSETPOS=2', 'within 100,000 steps.'],
  [
    `${DAILY};RSCALE=GREGORIAN`,
    'The recurrence rule cannot be read: it has the unknown part "RSCALE=GREGORIAN".',
  ],
])(
  '%j is set aside at a visit, with the reason, and the other schedules go on',
  async (rrule, why) => {
    const { id } = await withRule(rrule);
    await runScheduler(stack.context);
    const found = await schedulesOf(id);
    expect(found.get('old')?.set_aside).toContain(why);
    expect(found.get('other')?.set_aside).toBe(null);
    clock.jump(DAY);
    await runScheduler(stack.context);
    const names = (await runsOf(stack.context, id)).map(({ run }) => run.madeBy?.name);
    expect(names.filter((name) => name === 'other').length).toBeGreaterThanOrEqual(4);

    const { id: old } = found.get('old') ?? {};
    const change = { schedule: { rrule: DAILY } };
    await request(stack, 'PATCH', `/deployments/${id}/schedules/${old}`, change);
    expect((await schedulesOf(id)).get('old')?.set_aside).toBe(null);
    const again = (await runsOf(stack.context, id)).map(({ run }) => run.madeBy?.name);
    expect(again).toContain('old');
  },
);

test('a schedule with a large COUNT makes runs after its first 10,000', async () => {
  const rrule = 'DTSTART:20200101T000000\nRRULE:FREQ=HOURLY;COUNT=100000';
  const { id } = await createScheduled(stack, [{ schedule: { rrule } }]);
  expect((await runsOf(stack.context, id)).length).toBeGreaterThanOrEqual(3);
});

test.each([
  { cron: '0 0 31 2 *' },
  { rrule: 'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30' },
  { rrule: 'FREQ=SECONDLY;BYSETPOS=2' },
  { rrule: `${DAILY}\nEXRULE:FREQ=DAILY` },
  { rrule: 'FREQ=SECONDLY;COUNT=9999999999' },
])('%j is refused when it is created', async (schedule) => {
  const { id } = await createScheduled(stack, []);
  const answer = await request(stack, 'POST', `/deployments/${id}/schedules`, [{ schedule }]);
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  expect(JSON.stringify(answer.body)).toMatch(/is never due|within [\d,]+ steps/);
});

test('what runs at other times than with Prefect is said when it is created', async () => {
  const { id } = await createScheduled(stack, []);
  const schedules = [
    { schedule: { cron: '30 2 * * *', timezone: 'Europe/Berlin' } },
    { schedule: { cron: '30 3 * * *', timezone: 'Europe/Berlin' } },
  ];
  const { body } = await request(stack, 'POST', `/deployments/${id}/schedules`, schedules);
  const [said, unsaid] = body as { notices: string[] }[];
  expect(said?.notices).toEqual([
    expect.stringMatching(
      /^When the clocks of Europe\/Berlin go forward, next on \d{4}-03-\d\d from 02:00 to 03:00, it runs at 03:00; Prefect 3.9.1 runs it at 03:30\.$/,
    ),
  ]);
  expect(unsaid?.notices).toEqual([]);
});
