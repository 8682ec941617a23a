import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../model/store.ts';
import { force, heldRun, limitOf, readRun, waitingRun, writeClaim } from '../support/run-writes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Each condition of the writes that take and free slots, by itself: the write that it stops. */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

describe('limits', () => {
  test('theSlotIsFree: one slot goes to one claim', async () => {
    const { take } = await limitOf(stack, 1);
    expect((await writeClaim(stack, await waitingRun(stack), { takes: [take(0)] })).won).toBe(true);
    const second = await waitingRun(stack);
    expect(await writeClaim(stack, second, { takes: [take(0)] })).toEqual({
      won: false,
      run: undefined,
      slotsChanged: true,
    });
    expect((await readRun(stack, second.id)).claim).toBeUndefined();
  });

  test('theLimitIsTheOneRead: a claim on an older limit is decided again, and so is a change', async () => {
    const { record, take } = await limitOf(stack, 2);
    expect(await store.writeLimit({ ...record, limit: 1, version: 2 })).toBe(true);
    expect(await writeClaim(stack, await waitingRun(stack), { takes: [take(1)] })).toMatchObject({
      slotsChanged: true,
    });
    expect(await store.writeLimit({ ...record, limit: 9, version: 2 })).toBe(false);
    expect((await store.readSlots(record.scope)).limit.limit).toBe(1);
  });

  test("theSlotIsMineOrGone: a finish leaves alone what is somebody else's, and does not fail for it", async () => {
    const { scope, take } = await limitOf(stack, 1);
    const first = await writeClaim(stack, await waitingRun(stack), { takes: [take(0)] });
    if (!first.won) throw new Error('lost');
    const [slot] = (await store.readSlots(scope)).held;
    if (!slot) throw new Error('no slot');
    await store.freeSlot(scope, slot);
    const second = await writeClaim(stack, await waitingRun(stack), { takes: [take(0)] });
    await force(stack, first.run, 'COMPLETED', true);
    expect((await store.readSlots(scope)).held).toMatchObject([
      { runId: second.won ? second.run.id : '' },
    ]);
  });

  test('itIsListedThere: what is claimed meanwhile is not listed as waiting', async () => {
    const run = await heldRun(stack);
    const entry = { runId: run.id, attempts: 0, at: 0, inLane: false };
    const place = { queueId: run.queueId ?? '', deploymentId: run.deploymentId ?? '' };
    expect(await store.moveToLane(entry, place)).toBe(false);
  });
});
