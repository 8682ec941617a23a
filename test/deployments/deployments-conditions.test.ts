import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../model/store.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork } from '../support/work.ts';

/** Each condition of the writes of flows and deployments, by itself: the write that it stops. */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

async function created() {
  const { deployment, flow } = await createWork(stack.client);
  const [found] = await store.readDeployments([deployment.id]);
  if (!found) throw new Error('it is gone');
  return { flow, found, next: { ...found, generation: found.generation + 1 } };
}

test('itExists: what is not there is not made by a change of it', async () => {
  const id = randomUUID();
  const change = { tags: [], updatedAt: stack.context.now() };
  expect(await store.updateFlow(id, change)).toBe('missing');
  expect(await store.readFlows([id])).toEqual([]);
});

test('itExists: what two delete at once is deleted by one of them', async () => {
  const { flow, found } = await created();
  const twice = () => store.deleteDeployment(found);
  expect((await Promise.all([twice(), twice()])).sort()).toEqual(['deleted', 'missing']);
  const ofFlow = () => store.deleteFlow(flow.id);
  expect((await Promise.all([ofFlow(), ofFlow()])).sort()).toEqual([false, true]);
});

test('itIsOfTheGenerationBefore: of two overwrites at once one is decided again', async () => {
  const { next } = await created();
  expect(await store.overwriteDeployment(next)).toBe('updated');
  expect(await store.overwriteDeployment(next)).toBe('outrun');
});

test('itIsOfTheGenerationBefore: what was deleted meanwhile is not written again', async () => {
  const { found, next } = await created();
  await store.deleteDeployment(found);
  expect(await store.overwriteDeployment(next)).toBe('outrun');
  expect(await store.readDeployments([found.id])).toEqual([]);
});
