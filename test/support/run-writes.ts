import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { decidedTransition } from '../../core/states/transition.ts';
import type { Limit, Scope, SlotChoice } from '../../model/limits.ts';

import type { Run } from '../../model/runs/run.ts';
import { defaultName, type StateType } from '../../model/runs/state.ts';
import type { TestStack } from './stack.ts';
import { createRuns, createWork } from './work.ts';

/** A run that waits in a pool of its own, as the store has it. */
export async function waitingRun(stack: TestStack): Promise<Run> {
  const { deployment } = await createWork(stack.client);
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  return readRun(stack, id);
}

export async function readRun({ context }: TestStack, id: string): Promise<Run> {
  const run = await context.store.readRun(id);
  if (!run) throw new Error('the run is gone');
  return run;
}

export const stateOf = ({ context }: TestStack, type: StateType, at = context.now()) => ({
  id: randomUUID(),
  type,
  name: defaultName(type),
  at,
});

/** The write of a claim by some session. Default: now, of the attempt that was read, under no limit. */
export function writeClaim(
  stack: TestStack,
  run: Pick<Run, 'id' | 'attempt'>,
  more: { at?: number; takes?: readonly SlotChoice[]; attempts?: number } = {},
) {
  const { now, newSecret, store } = stack.context;
  const { at = now(), takes = [], attempts = run.attempt } = more;
  const claim = { sessionId: randomUUID(), claimId: randomUUID(), secret: newSecret() };
  return store.claim({
    runId: run.id,
    claim,
    state: { ...stateOf(stack, 'PENDING', at), claimedBy: claim.sessionId },
    takes,
    attempts,
    now: at,
    deadline: now() + 5_000_000,
  });
}

export async function heldRun(stack: TestStack): Promise<Run> {
  const written = await writeClaim(stack, await waitingRun(stack));
  if (!written.won) throw new Error('the claim was lost');
  return written.run;
}

/** Sets a state whatever the rules say. */
export async function force(
  stack: TestStack,
  run: Run,
  type: StateType,
  claimEnds = false,
): Promise<Run> {
  const kind = claimEnds ? 'end' : 'keep';
  const to = decidedTransition(run, stateOf(stack, type), { kind });
  expect(await stack.context.store.transition(to, { kind: 'decided', run })).toEqual({
    done: true,
  });
  return readRun(stack, run.id);
}

/** A limit of a scope that is used for nothing else. */
export async function limitOf({ context }: TestStack, limit: number) {
  const scope: Scope = { kind: 'deployment', id: randomUUID() };
  const record: Limit = { scope, limit, version: 1, settlesAt: null, strategy: 'ENQUEUE' };
  expect(await context.store.writeLimit(record)).toBe(true);
  return { scope, record, take: (k: number): SlotChoice => ({ scope, k, version: 1 }) };
}
