import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blindTransition, decidedTransition } from '../../core/states/transition.ts';
import type { Guard } from '../../model/runs/claim-store.ts';
import type { Run } from '../../model/runs/run.ts';
import type { StateType } from '../../model/runs/state.ts';
import type { Store } from '../../model/store.ts';
import { force, heldRun, limitOf, readRun, stateOf } from '../support/run-writes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Each condition of the writes that set a state, by itself: the write that it stops. */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

const now = () => stack.context.now();

const plain = (
  run: Run,
  from: StateType[],
  more: Partial<Guard & { kind: 'plain' }> = {},
): Guard => ({
  kind: 'plain',
  from,
  by: { kind: 'claim', attempt: run.attempt, secret: run.claim?.secret ?? '' },
  ends: false,
  ...more,
});

const isLost = async (run: Run, type: StateType, guard: Guard, id = randomUUID()) => {
  const state = { ...stateOf(stack, type), id };
  const done = (await store.transition(blindTransition(run.id, state), guard)).done;
  return !done;
};

const decidedIsLost = async (run: Run, guard: Guard) => {
  const to = decidedTransition(run, stateOf(stack, 'SCHEDULED'), { kind: 'end' });
  return !(await store.transition(to, guard)).done;
};

describe('the blind write of a holder', () => {
  test('thisClaimIsCurrent: by another token it is no holder', async () => {
    const run = await heldRun(stack);
    const { attempt } = run;
    const by = (secret: string, of: number) =>
      plain(run, ['PENDING'], { by: { kind: 'claim', secret, attempt: of } });
    expect(await isLost(run, 'RUNNING', by(stack.context.newSecret(), attempt))).toBe(true);
    expect(await isLost(run, 'RUNNING', by(run.claim?.secret ?? '', attempt + 1))).toBe(true);
  });

  test('thisSessionHoldsIt: by a name alone, only what the session of that name holds', async () => {
    const run = await heldRun(stack);
    const by = (sessionId: string) =>
      plain(run, ['PENDING'], { by: { kind: 'session', sessionId } });
    expect(await isLost(run, 'RUNNING', by(randomUUID()))).toBe(true);
    expect(await isLost(run, 'RUNNING', by(run.claim?.sessionId ?? ''))).toBe(false);
  });

  test('theStateIsOneOf: only from the states where the answer is a plain ACCEPT', async () => {
    const run = await heldRun(stack);
    expect(await isLost(run, 'COMPLETED', plain(run, ['RUNNING']))).toBe(true);
  });

  test('notAnsweredBefore: the same transition sent again finds its answer, and acts no more', async () => {
    const run = await heldRun(stack);
    const id = randomUUID();
    expect(await isLost(run, 'RUNNING', plain(run, ['PENDING', 'RUNNING']), id)).toBe(false);
    expect(await isLost(run, 'RUNNING', plain(run, ['PENDING', 'RUNNING']), id)).toBe(true);
  });

  test('retriesAreUsedUp: FAILED with a retry left is no plain FAILED', async () => {
    const run = await force(stack, await heldRun(stack), 'RUNNING');
    await store.updateRun(run.id, { retries: 3, patchedAt: now() }, undefined);
    const guard = plain(run, ['RUNNING'], { noRetryLeft: true });
    expect(await isLost(run, 'FAILED', guard)).toBe(true);
  });

  test('historyIsShort: a long history is cut by a write that has read it', async () => {
    const run = await force(stack, await heldRun(stack), 'RUNNING');
    for (let states = 3; states < 30; states++) {
      expect(await isLost(run, 'RUNNING', plain(run, ['RUNNING']))).toBe(false);
    }
    expect(await isLost(run, 'RUNNING', plain(run, ['RUNNING']))).toBe(true);
  });

  test('itHoldsNoSlot: what holds a slot is not ended without freeing it', async () => {
    const run = await heldRun(stack);
    const { scope } = await limitOf(stack, 1);
    expect(await store.grantSlot({ run, scope, k: 0, at: now() })).toBe('granted');
    const guard = plain(run, ['PENDING'], { ends: true });
    expect(await isLost(run, 'CRASHED', guard)).toBe(true);
    // Nor on a decision that was made before it got its slot.
    expect(await decidedIsLost(run, { kind: 'decided', run })).toBe(true);
  });
});

describe('a decided write', () => {
  test('theStateIsTheOneRead: is decided again where the state has changed', async () => {
    const run = await heldRun(stack);
    await force(stack, run, 'RUNNING');
    expect(await decidedIsLost(run, { kind: 'decided', run })).toBe(true);
  });

  test('itsSlotsAreTheOnesRead: and where it was granted another slot', async () => {
    const run = await heldRun(stack);
    const [one, two] = [await limitOf(stack, 1), await limitOf(stack, 1)];
    await store.grantSlot({ run, scope: one.scope, k: 0, at: now() });
    const before = await readRun(stack, run.id);
    await store.grantSlot({ run: before, scope: two.scope, k: 0, at: now() });
    expect(await decidedIsLost(before, { kind: 'decided', run: before })).toBe(true);
  });

  test('thisSessionHoldsIt: recovery takes from the session it looks after, and from no other', async () => {
    const run = await heldRun(stack);
    expect(await decidedIsLost(run, { kind: 'decided', run, heldBy: randomUUID() })).toBe(true);
  });

  test('nobodyPatchedIt, thePatchIsTheOneRead: a sign of life saves an idle claim', async () => {
    const run = await heldRun(stack);
    const patch = () =>
      store.updateRun(run.id, { infrastructurePid: '1', patchedAt: now() }, undefined);
    await patch();
    expect(await decidedIsLost(run, { kind: 'decided', run, untouched: true })).toBe(true);
    const patched = await readRun(stack, run.id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await patch();
    const guard: Guard = { kind: 'decided', run: patched, untouched: true };
    expect(await decidedIsLost(patched, guard)).toBe(true);
  });
});
