import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JsonText } from '../../core/json-text.ts';
import type { Run } from '../../core/run.ts';
import type { Store } from '../../core/store.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** As conditions.test.ts: each condition of the writes that leave a run's state alone, or end it all. */
let stack: TestStack;
let store: Store;
let deploymentId: string;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
  deploymentId = (await createWork(stack.client)).deployment.id;
});
afterAll(() => stack.stop());

async function read(id: string): Promise<Run> {
  const run = await store.readRun(id);
  if (!run) throw new Error('the run is gone');
  return run;
}

const waitingRun = async () =>
  read((await createRuns(stack.client, deploymentId, 1))[0] ?? randomUUID());

const label = (run: Run, labels: object) =>
  store.updateLabels(run, { labels: JsonText.of(labels), patchedAt: stack.context.now() });

describe('labels', () => {
  test('itHasNoLabels: the first ones are not laid over others that came first', async () => {
    const run = await waitingRun();
    expect(await label(run, { a: 1 })).toBe(true);
    expect(await label(run, { b: 1 })).toBe(false);
  });

  test('theLabelsAreTheOnesRead: nor are later ones', async () => {
    const first = await waitingRun();
    await label(first, { a: 1 });
    const run = await read(first.id);
    expect(await label(run, { a: 2 })).toBe(true);
    expect(await label(run, { a: 3 })).toBe(false);
    expect((await read(run.id)).labels?.text).toBe('{"a":2}');
  });
});
