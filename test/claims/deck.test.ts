import { afterAll, beforeAll, expect, test } from 'vitest';
import { deal } from '../../core/dispatch/deck.ts';
import { FreeSlots } from '../../core/limits/free-slots.ts';
import type { WorkQueue } from '../../model/pools.ts';
import { SECOND } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

let stack: TestStack;
let ahead = 0;
let reads = 0;
beforeAll(async () => {
  stack = await startTestStack({
    context: { now: () => Date.now() * 1000 + ahead },
    wrapStore: (store) => ({
      ...store,
      listReady: (window) => {
        reads += 1;
        return store.listReady(window);
      },
    }),
  });
});
afterAll(() => stack.stop());

/** As the first deal of a call, in ids. */
async function dealt(queue: WorkQueue, wanted: number) {
  const freeSlots = new FreeSlots(stack.context);
  const { candidates, last } = await deal(stack.context, { queue, wanted, freeSlots, first: true });
  return { candidates: candidates.map(({ runId }) => runId), last };
}

async function queueWith(runs: number) {
  const { pool, deployment } = await createWork(stack.client);
  const ids = await createRuns(stack.client, deployment.id, runs);
  const { id } = await stack.client.readWorkPool({ name: pool });
  const [queue] = await stack.context.store.listQueues(id, 'fresh');
  if (!queue) throw new Error('the pool has no queue');
  reads = 0;
  return { queue, ids, deployment };
}

test('claims of one process are dealt different runs, from one read', async () => {
  const { queue, ids } = await queueWith(10);
  const deals = await Promise.all([3, 3, 3, 3].map((n) => dealt(queue, n)));
  const all = deals.flatMap(({ candidates }) => candidates);
  expect(all.sort()).toEqual([...ids].sort());
  expect(deals.map(({ last }) => last)).toEqual([false, false, false, true]);
  expect(reads).toBe(1);
});

test('half a second later the head of the queue is looked at again', async () => {
  const { queue, deployment } = await queueWith(2);
  await dealt(queue, 1);
  const [later = ''] = await createRuns(stack.client, deployment.id, 1);
  ahead += SECOND;
  const { candidates } = await dealt(queue, 3);
  expect(candidates).toHaveLength(3);
  expect(candidates).toContain(later);
  expect(reads).toBe(2);
});

test('a run created after the last deal is dealt at once: an empty deck is never kept', async () => {
  const { queue, deployment } = await queueWith(1);
  expect((await dealt(queue, 5)).last).toBe(true);
  const [later] = await createRuns(stack.client, deployment.id, 1);
  expect((await dealt(queue, 5)).candidates).toContain(later);
});

test('a long queue is dealt through, window behind window', async () => {
  const { queue, ids } = await queueWith(230);
  const all: string[] = [];
  for (let last = false; !last; ) {
    const next = await dealt(queue, 50);
    all.push(...next.candidates);
    last = next.last;
  }
  expect(new Set(all)).toEqual(new Set(ids));
  expect(reads).toBe(2);
});
