import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScheduler } from '../../core/schedules/run-scheduler.ts';
import { DAY, HOUR, MINUTE, SECOND, toIso } from '../../model/values/instant.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { request } from '../support/http.ts';
import { prefectWorker } from '../support/prefect-worker.ts';
import { createScheduled, runsOf } from '../support/schedules.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, openSession } from '../support/work.ts';

/** Late runs of each policy, claimed by an agent and on Prefect's path. */
let clock: MovableClock;
let stack: TestStack;
beforeAll(async () => {
  clock = movableClock();
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

async function scheduled(more: object) {
  const schedule = { interval: 3600, anchor_date: toIso(clock.now()) };
  const made = await createScheduled(stack, [{ schedule, slug: 's', ...more }]);
  const since = clock.now();
  return {
    ...made,
    hours: async (type?: string) =>
      (await runsOf(stack.context, made.id))
        .filter((run) => type === undefined || run.type === type)
        .map((run) => Math.round((run.at - since) / HOUR)),
  };
}

async function claimAll(pool: string, limit = 20) {
  const agent = await openSession(stack.client, pool);
  const { runs } = await claimRuns(stack.client, pool, agent, { limit });
  return runs;
}

describe('three days in which nothing was served', () => {
  test('all: every run of them is there, and is claimed', async () => {
    const work = await scheduled({});
    clock.jump(3 * DAY + MINUTE);
    await runScheduler(stack.context);
    expect((await work.hours()).slice(0, 72)).toEqual(Array.from({ length: 72 }, (_, i) => i + 1));
    expect(await claimAll(work.pool, 100)).toHaveLength(72);
  });

  test('latest: the newest one is claimed, those before it are skipped', async () => {
    const work = await scheduled({ late_policy: 'latest' });
    clock.jump(3 * DAY + MINUTE);
    await runScheduler(stack.context);
    // Three were made ahead, then the last one was made up for.
    expect((await work.hours()).slice(0, 4)).toEqual([1, 2, 3, 72]);
    expect(await claimAll(work.pool)).toHaveLength(1);
    expect(await work.hours('PENDING')).toEqual([72]);
    expect(await work.hours('CANCELLED')).toEqual([1, 2, 3]);
  });

  test('skip: none later than the grace', async () => {
    const work = await scheduled({ late_policy: 'skip', late_grace_seconds: 7200 });
    clock.jump(3 * DAY + MINUTE);
    await runScheduler(stack.context);
    const runs = await claimAll(work.pool);
    expect(runs).toHaveLength(2);
    expect(await work.hours('PENDING')).toEqual([71, 72]);
    expect(await work.hours('CANCELLED')).toEqual([1, 2, 3]);
  });
});

test('latest: where the schedule was paused since, the last run that is there is claimed', async () => {
  const work = await scheduled({ late_policy: 'latest' });
  clock.jump(HOUR + MINUTE);
  const [schedule] = work.deployment.schedules;
  const path = `/deployments/${work.id}/schedules/${schedule?.id}`;
  expect((await request(stack, 'PATCH', path, { active: false })).status).toBe(204);
  expect(await work.hours()).toEqual([1]);
  clock.jump(2 * HOUR);
  expect(await claimAll(work.pool)).toHaveLength(1);
});

test('a Prefect worker is not shown what is too late, and is told so where it asks for it', async () => {
  const work = await scheduled({ late_policy: 'skip', late_grace_seconds: 60 });
  clock.jump(HOUR + 30 * SECOND);
  const worker = prefectWorker(stack, { ...work, deployment: work.deployment as never });
  await worker.beat();
  const poll = () =>
    stack.client.pollWorkPool({
      name: work.pool,
      body: { scheduled_before: toIso(clock.now()) },
      headers: worker.headers,
    });
  const [first] = await poll();
  const id = first?.flow_run.id ?? '';
  clock.jump(MINUTE);
  const answer = await worker.claim(id);
  expect(answer.body).toMatchObject({
    status: 'REJECT',
    state: { type: 'CANCELLED', message: expect.stringContaining('too late') },
  });
  clock.jump(HOUR + 5 * MINUTE);
  expect(await poll()).toEqual([]);
  expect(await work.hours('CANCELLED')).toEqual([1, 2]);
});

test('what was begun in time is never skipped: a retry, a recovery, a new schedule by hand', async () => {
  const work = await scheduled({ late_policy: 'skip', late_grace_seconds: 60 });
  clock.jump(HOUR + SECOND);
  const [run] = await claimAll(work.pool);
  const id = run?.flow_run.id ?? '';
  const set = (state: object) =>
    request(stack, 'POST', `/flow_runs/${id}/set_state`, { state, force: true });
  await set({ type: 'SCHEDULED' });
  clock.jump(20 * MINUTE);
  expect((await claimAll(work.pool)).map(({ flow_run }) => flow_run.id)).toEqual([id]);

  clock.jump(3 * HOUR);
  await claimAll(work.pool);
  const [skipped] = (await runsOf(stack.context, work.id)).filter(
    ({ type }) => type === 'CANCELLED',
  );
  await request(stack, 'POST', `/flow_runs/${skipped?.id}/set_state`, {
    state: { type: 'SCHEDULED' },
    force: true,
  });
  clock.jump(10 * MINUTE);
  expect((await claimAll(work.pool)).map(({ flow_run }) => flow_run.id)).toContain(skipped?.id);
});
