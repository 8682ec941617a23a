import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blindClaim } from '../../core/states/transition.ts';
import type { Guard } from '../../model/runs/claim-store.ts';
import type { Run } from '../../model/runs/run.ts';
import type { Store } from '../../model/store.ts';
import { force, heldRun, limitOf, stateOf, waitingRun, writeClaim } from '../support/run-writes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Each condition of the write of a claim, by itself: the write that it stops. */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

describe('a claim', () => {
  test('nobodyHoldsIt: what somebody holds is not claimed, whatever its state', async () => {
    const held = await heldRun(stack);
    const waits = await force(stack, held, 'SCHEDULED');
    expect(await writeClaim(stack, waits)).toMatchObject({
      won: false,
      run: { claim: held.claim },
    });
  });

  test('itIsScheduled: a run that has ended is not claimed, whatever an old index says', async () => {
    const ended = await force(stack, await waitingRun(stack), 'COMPLETED');
    expect((await writeClaim(stack, ended)).won).toBe(false);
  });

  test('itsTimeHasCome: a run is not claimed before its time', async () => {
    const run = await waitingRun(stack);
    expect((await writeClaim(stack, run, { at: (run.scheduledAt ?? 0) - 1 })).won).toBe(false);
  });

  test('itWasClaimedSoOften: slots name the attempt that the claim will be', async () => {
    const run = await waitingRun(stack);
    const { scope, take } = await limitOf(stack, 1);
    const takes = [take(0)];
    expect((await writeClaim(stack, run, { takes, attempts: 7 })).won).toBe(false);
    expect((await store.readSlots(scope)).held).toEqual([]);
    expect((await writeClaim(stack, run, { takes, attempts: 0 })).won).toBe(true);
  });
});

describe("the blind claim of Prefect's path", () => {
  const claimOf = (run: Run, more: { queueId?: string; deploymentId?: string } = {}) => {
    const { queueId = '', deploymentId = '' } = { ...run, ...more };
    const mine = {
      sessionId: randomUUID(),
      claimId: randomUUID(),
      secret: 'AAAAAAAAAAAAAAAAAAAAAA',
    };
    const by = { kind: 'nobody', at: stack.context.now(), queueId, deploymentId } as const;
    const guard: Guard = { kind: 'plain', from: ['SCHEDULED'], by, ends: false };
    return store.transition(blindClaim(run.id, stateOf(stack, 'PENDING'), mine), guard);
  };

  test('nobodyHoldsIt: what somebody holds is not claimed', async () => {
    const held = await force(stack, await heldRun(stack), 'SCHEDULED');
    expect(await claimOf(held)).toMatchObject({ done: false, run: { claim: held.claim } });
  });

  test('itIsOfThisQueueAndDeployment: nor another run than the one that is remembered', async () => {
    const run = await waitingRun(stack);
    expect((await claimOf(run, { queueId: randomUUID() })).done).toBe(false);
    expect((await claimOf(run, { deploymentId: randomUUID() })).done).toBe(false);
    expect((await claimOf(run)).done).toBe(true);
  });
});
