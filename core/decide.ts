import { type Caller, mayAsUser, standing } from './fence.ts';
import type { Instant } from './instant.ts';
import { type Proposal, proposedState } from './proposal.ts';
import { forced, RULES, type Verdict } from './rules.ts';
import { type Claim, currentState, type Run, type RunState } from './run.ts';
import { isCancelling, isFinal, isHeld, isPaused, isScheduled } from './state.ts';
import { decidedTransition, type Transition } from './transition.ts';
import { TRANSITIONS } from './transitions.ts';

/** What a proposal for a run comes to, decided on the run as it was read. */
export type Decision =
  | { readonly kind: 'claimLost' }
  /** Answered before: the state that answered it. */
  | { readonly kind: 'replay'; readonly state: RunState; readonly status: 'ACCEPT' | 'REJECT' }
  /** Nothing is written. */
  | { readonly kind: 'refuse'; readonly verdict: Verdict }
  /** To be written, on condition that the run is still in the state read. */
  | { readonly kind: 'write'; readonly verdict: Verdict; readonly transition: Transition };

export interface Fresh {
  readonly now: Instant;
  readonly newId: () => string;
  readonly newSecret: () => string;
}

export function decide(run: Run, proposal: Proposal, caller: Caller, fresh: Fresh): Decision {
  const replayed = replay(run, proposal);
  if (replayed) return replayed;

  const stands = standing(run, caller);
  if (stands === 'stale') return { kind: 'claimLost' };
  if (stands === 'other' || (stands === 'user' && !mayAsUser(run, proposal))) {
    return { kind: 'refuse', verdict: { status: 'ABORT', reason: heldByAnother(run) } };
  }
  if (stands === 'former' && !isHeld(proposal.type)) {
    const reason = 'This worker does not hold the run (any more), so it cannot move it on.';
    return { kind: 'refuse', verdict: { status: 'ABORT', reason } };
  }

  const question = {
    run,
    proposal,
    standing: stands,
    isLastClaimant: caller.kind !== 'token' && lastClaimant(run) === caller.sessionId,
    now: fresh.now,
  };
  const rule = RULES[TRANSITIONS[run.stateType][proposal.type]];
  const verdict = proposal.force ? forced(question) : rule(question);

  const state = stateToWrite(proposal, verdict, fresh);
  if (!state) return { kind: 'refuse', verdict };
  const claim = claimAfter(run, state, caller, fresh);
  return { kind: 'write', verdict, transition: decidedTransition(run, state, claim) };
}

/**
 * A state id seen before is the same proposal sent again, by the caller (transition_id) or by the SDK
 * after a lost reply: it counts nothing twice. It is answered as it was, but only while the claim it
 * belonged to is current or was ended by that very transition; a process that lost its claim since
 * must not read an old ACCEPT as leave to go on.
 */
function replay(run: Run, { stateId }: Proposal): Decision | undefined {
  const index = run.states.findIndex((state) => state.id === stateId);
  const state = run.states[index];
  if (!state && !run.earlierIds.includes(stateId)) return undefined;
  const claimedSince = run.states.slice(index + 1).some((later) => later.claimedBy !== undefined);
  if (state && !claimedSince && (run.claim || endsClaim(state))) {
    return { kind: 'replay', state, status: state.insteadOf ? 'REJECT' : 'ACCEPT' };
  }
  const reason = 'This transition was made before, and the run has moved on since.';
  return { kind: 'refuse', verdict: { status: 'ABORT', reason } };
}

function stateToWrite(proposal: Proposal, verdict: Verdict, fresh: Fresh): RunState | undefined {
  if (verdict.status === 'ACCEPT') return proposedState(proposal, fresh.now);
  if (verdict.status !== 'REJECT' || !verdict.instead) return undefined;
  return {
    ...verdict.instead,
    id: proposal.stateId,
    at: fresh.now,
    insteadOf: proposal.type,
    ...(proposal.hasTransitionId ? { proposed: true } : {}),
  };
}

function claimAfter(
  run: Run,
  state: RunState,
  caller: Caller,
  { newId, newSecret }: Fresh,
): Transition['claim'] {
  if (!run.claim && isHeld(state.type) && caller.kind !== 'token') {
    const claim: Claim = { sessionId: caller.sessionId, secret: newSecret(), claimId: newId() };
    return { kind: 'begin', claim };
  }
  return { kind: run.claim && endsClaim(state) ? 'end' : 'keep' };
}

/** A final state, a give-back and a suspension end a claim; a retry in the process keeps it. */
function endsClaim(state: RunState): boolean {
  if (isFinal(state.type)) return true;
  if (isScheduled(state.type)) return state.insteadOf === undefined;
  return isPaused(state.type) && state.details?.['pause_reschedule'] === true;
}

const lastClaimant = (run: Run): string | undefined =>
  run.states.findLast((state) => state.claimedBy !== undefined)?.claimedBy ?? run.lastClaimant;

function heldByAnother(run: Run): string {
  const { type } = currentState(run);
  return isCancelling(type)
    ? 'This run is being cancelled by the agent that holds it.'
    : `This run is ${type} and held by another agent. Cancel it, or use force.`;
}
