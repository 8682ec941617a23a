import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, readPool } from '../../core/pools/pools.ts';
import { DEFAULT_RECOVERY, type WorkQueue } from '../../model/pools.ts';
import type { Store } from '../../model/store.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork } from '../support/work.ts';

/** Each condition of the writes of pools and queues, by itself: the write that it stops. */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

const now = () => stack.context.now();

test('itExists: what is not there is not made by a change of it', async () => {
  const id = randomUUID();
  const change = { isPaused: true, recovery: DEFAULT_RECOVERY };
  expect(await store.updatePool({ id, name: `no-${id}` }, change)).toBe('missing');
});

test('itIsTheOneRead: what was created anew under the same name is not changed, nor deleted', async () => {
  const { pool: name } = await createWork(stack.client);
  const before = await readPool(stack.context, name);
  const [queue] = await store.listQueues(before.id, 'fresh');
  expect(await store.deletePool(before, now())).toBe(true);
  expect(await store.deletePool(before, now())).toBe(false);
  await createPool(stack.context, { name });
  expect(await store.updatePool(before, { isPaused: true })).toBe('missing');
  expect(await store.deletePool(before, now())).toBe(false);
  expect((await readPool(stack.context, name)).isPaused).toBe(false);
  const former = { ...(queue as WorkQueue), id: randomUUID() };
  expect(await store.updateQueue(former, { isPaused: true })).toBe('missing');
  expect(await store.deleteQueue(former, now())).toBe(false);
  expect((await store.listQueues(before.id, 'fresh'))[0]?.isPaused).toBe(false);
});

test('theQueuesAreTheOnesRead: of two queues that take the same place one is placed anew', async () => {
  const { pool: name } = await createWork(stack.client);
  const pool = await readPool(stack.context, name);
  const [found] = await store.listQueues(pool.id, 'fresh');
  const queue = (more: object) => ({ ...(found as WorkQueue), id: randomUUID(), ...more });
  const order = { pool, moved: [] };
  expect(await store.createQueue(queue({ name: 'a', priority: 2 }), order)).toBe('created');
  expect(await store.createQueue(queue({ name: 'b', priority: 2 }), order)).toBe('outrun');
  expect(await store.updateQueue(found as WorkQueue, { priority: 2 }, { order })).toBe('outrun');
  const names = (await store.listQueues(pool.id, 'fresh')).map((one) => one.name);
  expect(names).toEqual(['default', 'a']);
});

test('itExists: a stamp that comes late does not bring a deleted queue back', async () => {
  const id = randomUUID();
  await store.stampPolled([id]);
  expect(await store.readQueuePlace(id)).toBeUndefined();
});
