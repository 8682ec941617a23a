import { afterAll, beforeAll, expect, test } from 'vitest';
import { updateDeployment } from '../../core/deployments/update-deployment.ts';
import { makeScheduledRuns } from '../../core/schedules/make-runs.ts';
import { runScheduler } from '../../core/schedules/run-scheduler.ts';
import { visitSchedules } from '../../core/schedules/visit-schedules.ts';
import { HOUR, type Instant, MINUTE, SECOND, toIso } from '../../model/values/instant.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { createScheduled, runsOf } from '../support/schedules.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Three processes of the scheduler on one table, and one clock. */
let clock: MovableClock;
let stacks: TestStack[];
beforeAll(async () => {
  clock = movableClock();
  const context = { now: clock.now };
  const first = await startTestStack({ context });
  const more = { context, table: first };
  stacks = [first, await startTestStack(more), await startTestStack(more)];
});
afterAll(() => Promise.all(stacks.map((stack) => stack.stop())));

const EVERY = 36 * SECOND;

test('two schedulers at once and one that replays its last hour: 1,000 due times, each once', async () => {
  const [one, two, replaying] = stacks as [TestStack, TestStack, TestStack];
  const since = clock.now();
  const anchor = toIso(since);
  const schedules = [{ schedule: { interval: EVERY / SECOND, anchor_date: anchor } }];
  const made = await Promise.all(Array.from({ length: 5 }, () => createScheduled(one, schedules)));
  const ids = made.map(({ id }) => id);

  const replay = async (to: Instant) => {
    for (const deployment of await replaying.context.store.readDeployments(ids)) {
      const [schedule] = deployment.schedules;
      if (!schedule) throw new Error('no schedule');
      const begin = Math.max(since + EVERY, to - HOUR);
      const first = since + Math.ceil((begin - since) / EVERY) * EVERY;
      const times: Instant[] = [];
      for (let time = first; time <= to; time += EVERY) times.push(time);
      const dues = times.map((time, i) => ({ time, next: times[i + 1] }));
      const runs = await makeScheduledRuns(replaying.context, deployment, schedule, dues);
      const { store } = replaying.context;
      expect(
        await store.createScheduledRuns({ deploymentId: deployment.id, generation: 1, runs }),
      ).toBe('created');
    }
  };
  // Two hours and more, in uneven steps: what is made ahead does not reach over the longest of them.
  for (const step of [7, 13, 1, 75, 2, 26]) {
    clock.jump(step * MINUTE);
    const to = clock.now();
    await Promise.all([runScheduler(one.context), runScheduler(two.context), replay(to)]);
  }

  const end = clock.now();
  const due = Math.floor((end - since) / EVERY);
  expect(due * ids.length).toBeGreaterThan(1_000);
  for (const id of ids) {
    const runs = await runsOf(one.context, id);
    const times = runs.map((run) => run.at);
    expect(new Set(times).size).toBe(times.length);
    const expected = Array.from({ length: due }, (_, i) => since + (i + 1) * EVERY);
    expect(times.filter((time) => time <= end)).toEqual(expected);
    expect(times.length - due).toBeLessThanOrEqual(100);
  }
}, 120_000);

test('a scheduler that read the deployment before a change makes nothing by it', async () => {
  const [one, two] = stacks as [TestStack, TestStack];
  const { id } = await createScheduled(one, [{ schedule: { interval: 600 }, slug: 's' }]);
  const [before] = await one.context.store.readDeployments([id]);
  if (!before?.schedules[0]) throw new Error('no schedule');
  const due = { time: clock.now() + 10 * HOUR, next: undefined };
  const stale = await makeScheduledRuns(one.context, before, before.schedules[0], [due]);

  await updateDeployment(two.context, id, { parameters: before.parameters });
  expect(
    await one.context.store.createScheduledRuns({
      deploymentId: id,
      generation: before.generation,
      runs: stale,
    }),
  ).toBe('outrun');
  const runs = await runsOf(one.context, id);
  expect(runs.map(({ at }) => at)).not.toContain(due.time);
  expect(new Set(runs.map(({ run }) => run.deploymentGeneration))).toEqual(new Set([2]));
});

test('changes and schedulers at once leave one generation of what is to come', async () => {
  const [one, two, three] = stacks as [TestStack, TestStack, TestStack];
  const { id } = await createScheduled(one, [{ schedule: { interval: 300 }, slug: 's' }]);
  const schedules = [{ slug: 's', active: true }];
  for (let round = 0; round < 5; round++) {
    clock.jump(20 * MINUTE);
    await Promise.all([
      updateDeployment(one.context, id, { schedules }),
      updateDeployment(two.context, id, { schedules }),
      runScheduler(three.context),
      visitSchedules(two.context, id),
    ]);
    await runScheduler(one.context);
  }
  clock.jump(MINUTE);
  await runScheduler(one.context);
  const [deployment] = await one.context.store.readDeployments([id]);
  const ahead = (await runsOf(one.context, id)).filter(({ at }) => at > clock.now());
  expect(new Set(ahead.map(({ run }) => run.deploymentGeneration))).toEqual(
    new Set([deployment?.generation]),
  );
  expect(ahead.length).toBeGreaterThanOrEqual(12);
}, 60_000);

test('where the process ends after a change, the scheduler takes the former runs back', async () => {
  const [one, two] = stacks as [TestStack, TestStack];
  const { id } = await createScheduled(one, [{ schedule: { interval: 300 } }]);
  const [before] = await one.context.store.readDeployments([id]);
  if (!before) throw new Error('no deployment');
  const changed = { ...before, paused: true, generation: 2, updatedAt: clock.now() };
  const since = clock.now();
  const visit = { deploymentId: id, generation: 2, since, at: since, until: {} };
  expect(await one.context.store.overwriteDeployment(changed, { visit })).toBe('updated');
  await runScheduler(two.context);
  expect(await runsOf(one.context, id)).toEqual([]);
  clock.jump(MINUTE);
  await runScheduler(two.context);
  expect(await one.context.store.readVisit(id)).toBeUndefined();
});
