import { afterAll, beforeAll, expect, test } from 'vitest';
import { runScheduler } from '../../core/schedules/run-scheduler.ts';
import { DAY, SECOND } from '../../model/values/instant.ts';
import { transact } from '../../store/dynamo/transact.ts';
import { visitWrite } from '../../store/schedules.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { type MeteredStack, startMeteredStack } from '../support/metered-stack.ts';
import { createScheduled, runsOf } from '../support/schedules.ts';

let clock: MovableClock;
let stack: MeteredStack;
beforeAll(async () => {
  clock = movableClock();
  stack = await startMeteredStack({ now: clock.now });
});
afterAll(() => stack.stop());

test('beside 10,000 idle schedules, a round costs by the 10 that are due', async () => {
  const db = { client: stack.dynamodb, tableName: stack.tableName, random: Math.random } as never;
  const now = clock.now();
  const idle = (i: number) =>
    visitWrite({
      deploymentId: `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      generation: 1,
      since: now,
      at: now + 30 * DAY,
      until: { s: now + 33 * DAY },
      clearedAt: now,
    });
  for (let i = 0; i < 10_000; i += 100) {
    await transact(
      db,
      Array.from({ length: 100 }, (_, k) => idle(i + k)),
    );
  }
  await runScheduler(stack.context);
  stack.meter.take();
  await runScheduler(stack.context);
  // A look into each shard, and it is empty: DynamoDB Local reports 0 for it, AWS asks 0.5.
  expect(stack.meter.take()).toMatchObject({ calls: Array(4).fill('Query'), reads: 0, writes: 0 });

  const daily = [{ schedule: { interval: 86_400 } }];
  const made = await Promise.all(Array.from({ length: 10 }, () => createScheduled(stack, daily)));
  // Its runs of before the change are looked for twice: that is over.
  clock.jump(60 * SECOND);
  await runScheduler(stack.context);
  clock.jump(DAY);
  stack.meter.take();
  await runScheduler(stack.context);
  const { calls, reads, writes } = stack.meter.take();

  // Each: its visit, the deployment, the pool and the queue it is in; a run; and the visit moves on.
  expect(calls.filter((call) => call === 'TransactWriteItems')).toHaveLength(10);
  expect(reads).toBeLessThanOrEqual(10 * 6);
  // 8 for the run (2 for the item, 6 for three indexes), 2 for the check; the visit, which moves in its index.
  expect(writes).toBeLessThanOrEqual(10 * (8 + 2 + 3) + 4);
  for (const { id } of made) expect(await runsOf(stack.context, id)).toHaveLength(4);
}, 120_000);
