import type { Scope } from '../../model/limits.ts';
import type { Guard } from '../../model/runs/claim-store.ts';
import { currentState, type Run, type RunState } from '../../model/runs/run.ts';
import { defaultName, isScheduled, STATE_NAME } from '../../model/runs/state.ts';
import type { Transition } from '../../model/runs/transition.ts';
import { rawSession } from '../../model/sessions.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { isLate, tooLate } from '../dispatch/too-late.ts';
import { CANCELLED_NEW } from '../dispatch/turn-away.ts';
import { FreeSlots } from '../limits/free-slots.ts';
import { limitedScopes } from '../limits/limited-scopes.ts';
import type { Decision } from '../states/decide.ts';
import type { Proposer } from '../states/fence.ts';
import type { Verdict } from '../states/rules.ts';
import { decidedTransition } from '../states/transition.ts';

type BegunClaim =
  | {
      readonly kind: 'write';
      readonly verdict: Verdict;
      readonly transition: Transition;
      readonly guard: Guard;
    }
  | { readonly kind: 'turned away'; readonly verdict: Verdict & { readonly state: RunState } };

interface Claimed {
  readonly run: Run;
  /** Of the run's queue; undefined where it is in none, or in one that was deleted. */
  readonly poolId: string | undefined;
  readonly caller: Proposer;
}

/** Seconds after which a caller may ask again whether a slot is free. */
const ASK_AGAIN = 10;

/**
 * Completes a decision that begins a claim. Such a claim needs a slot of each limit that applies to
 * the run, whichever route it came by. A decision that begins no claim is written unchanged.
 */
export async function beginClaim(
  context: Context,
  { run, poolId, caller }: Claimed,
  { transition, verdict }: Decision & { kind: 'write' },
): Promise<BegunClaim> {
  const decided: Guard = { kind: 'decided', run };
  if (transition.claim.kind !== 'begin') {
    return { kind: 'write', verdict, transition, guard: decided };
  }
  // No sweep would recover a run that is claimed in a deleted queue: see
  // core/pools/delete-queue.ts.
  if (run.queueId && !poolId) return { kind: 'turned away', verdict: queueDeleted(run) };
  const message = isLate(run, context.now()) ? await tooLate(context, run) : undefined;
  if (message) {
    return { kind: 'write', guard: decided, ...cancelInstead(run, transition.state, message) };
  }
  const { store } = context;
  // The session is written before the limits are read: core/limits/settle.ts relies on this order.
  if (poolId && caller.kind !== 'token') {
    const raw = rawSession(
      poolId,
      caller.kind === 'worker' ? caller.name : undefined,
      context.now(),
    );
    if (raw.id === caller.sessionId) await store.noteSession(raw);
  }
  const deadline = transition.state.at + NUMBERS.limitsViewedWithin - NUMBERS.recordsCached;
  const scopes = await limitedScopes(context, run, poolId);
  const admitted = await new FreeSlots(context).take(scopes);
  if ('takes' in admitted) {
    const { takes } = admitted;
    const left = deadline + NUMBERS.claimWriteLasts - context.now();
    const guard: Guard = { ...decided, within: left };
    return { kind: 'write', verdict, transition: { ...transition, takes }, guard };
  }
  const waits = isScheduled(run.stateType);
  if (waits && admitted.full.kind === 'deployment' && admitted.strategy === 'CANCEL_NEW') {
    return {
      kind: 'write',
      guard: decided,
      ...cancelInstead(run, transition.state, CANCELLED_NEW),
    };
  }
  return { kind: 'turned away', verdict: turnedAway(run, transition.state, admitted.full) };
}

function cancelInstead(
  run: Run,
  { id, at, proposed, type }: RunState,
  message: { readonly text: string },
) {
  const state: RunState = {
    id,
    at,
    type: 'CANCELLED',
    name: defaultName('CANCELLED'),
    message,
    insteadOf: type,
    ...(proposed ? { proposed } : {}),
  };
  const verdict: Verdict = { status: 'REJECT', reason: message.text };
  return { verdict, transition: decidedTransition(run, state, { kind: 'keep' }) };
}

function queueDeleted(run: Run) {
  const reason = 'The work queue of this run was deleted, so nobody can claim it.';
  return { status: 'ABORT', reason, state: currentState(run) } as const;
}

/**
 * The answer when a limit is full. Nothing is written: a waiting run keeps its place in the queue.
 */
function turnedAway(run: Run, { id }: RunState, full: Scope) {
  const state = currentState(run);
  const reason = `The concurrency limit of the ${full.kind} is full.`;
  if (!isScheduled(run.stateType)) {
    return { status: 'WAIT', seconds: ASK_AGAIN, reason, state } as const;
  }
  const awaiting: RunState = { ...state, id, name: STATE_NAME.awaitingSlot };
  return { status: 'REJECT', reason, state: awaiting } as const;
}
