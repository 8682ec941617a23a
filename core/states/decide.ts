import { type Claim, currentState, type Run, type RunState } from '../../model/runs/run.ts';
import { isCancelling, isHeld } from '../../model/runs/state.ts';
import type { Transition } from '../../model/runs/transition.ts';
import { toldWorker } from '../../model/runs/worker-name.ts';
import type { Instant } from '../../model/values/instant.ts';
import { isClaimant, mayAsUser, type Proposer, type Standing, standing } from './fence.ts';
import { type Proposal, proposedState } from './proposal.ts';
import { isKnown, type Replayed, replay } from './replay.ts';
import { forced, RULES, type Verdict } from './rules.ts';
import { TRANSITIONS } from './state-table.ts';
import { decidedTransition, endsClaim } from './transition.ts';

/** The decision about a proposed state, made on the run as it was read. */
export type Decision =
  | { readonly kind: 'claimLost' }
  /** This proposal was answered before; it gets the same state and status again. */
  | ({ readonly kind: 'replay' } & Replayed)
  /** Nothing is written. */
  | { readonly kind: 'refuse'; readonly verdict: Verdict }
  /**
   * The transition is to be written, on condition that the run is still in the state that was read.
   */
  | { readonly kind: 'write'; readonly verdict: Verdict; readonly transition: Transition };

export interface Fresh {
  readonly now: Instant;
  readonly newId: () => string;
  readonly newSecret: () => string;
}

export function decide(run: Run, proposal: Proposal, caller: Proposer, fresh: Fresh): Decision {
  const replayed = replay(run, proposal, caller);
  if (replayed) return { kind: 'replay', ...replayed };
  if (isKnown(run, proposal.stateId)) {
    const reason = 'This transition was already made, and the run has changed since then.';
    return { kind: 'refuse', verdict: { status: 'ABORT', reason } };
  }

  const stands = standing(run, caller);
  if (stands === 'stale') return { kind: 'claimLost' };
  if (stands === 'other' || (stands === 'user' && !mayAsUser(run, proposal))) {
    return { kind: 'refuse', verdict: { status: 'ABORT', reason: heldByAnother(run) } };
  }
  if (stands === 'former' && !isHeld(proposal.type)) {
    const reason = 'This worker does not hold the run, so it cannot change its state.';
    return { kind: 'refuse', verdict: { status: 'ABORT', reason } };
  }

  const question = {
    run,
    proposal,
    standing: stands,
    isLastClaimant: caller.kind !== 'token' && isClaimant(run, caller),
    now: fresh.now,
  };
  const rule = RULES[TRANSITIONS[run.stateType][proposal.type]];
  const verdict = proposal.force ? forced(question) : rule(question);

  const state = stateToWrite({ run, proposal, verdict }, fresh);
  if (!state) return { kind: 'refuse', verdict };
  const claim = claimAfter(run, state, caller, fresh);
  if (claim.kind === 'begin' && caller.kind === 'worker' && caller.draining) {
    const reason = 'This worker is being drained: it may not claim any more runs.';
    return { kind: 'refuse', verdict: { status: 'ABORT', reason } };
  }
  const told = claimInHistory(state, claim, caller, stands);
  return { kind: 'write', verdict, transition: decidedTransition(run, told, claim) };
}

/**
 * Adds to the state what the history records about claims: which worker's claim begins with it, or
 * that someone other than the holder ended the claim.
 */
function claimInHistory(
  state: RunState,
  { kind }: Transition['claim'],
  caller: Proposer,
  stands: Standing,
): RunState {
  if (kind === 'end' && stands !== 'holder') return { ...state, cause: 'forced' };
  if (kind !== 'begin' || caller.kind !== 'worker') return state;
  return { ...state, ...toldWorker(caller.name), byName: true };
}

function stateToWrite(
  { run, proposal, verdict }: { run: Run; proposal: Proposal; verdict: Verdict },
  fresh: Fresh,
): RunState | undefined {
  if (verdict.status === 'ACCEPT') return withLease(proposedState(proposal, fresh.now), run);
  if (verdict.status !== 'REJECT' || !verdict.instead) return undefined;
  return {
    ...verdict.instead,
    id: proposal.stateId,
    at: fresh.now,
    insteadOf: proposal.type,
    ...(proposal.hasTransitionId ? { proposed: true } : {}),
  };
}

const LEASE = 'deployment_concurrency_lease_id';

/**
 * As in Prefect 3.9, a state that names no lease of a slot of the deployment's limit keeps the one
 * of the state before it, with and without `force`: workers send null there.
 */
function withLease(state: RunState, run: Run): RunState {
  const lease = currentState(run).details?.[LEASE];
  if (lease === undefined || state.details?.[LEASE] != null) return state;
  return { ...state, details: { ...state.details, [LEASE]: lease } };
}

function claimAfter(
  run: Run,
  state: RunState,
  caller: Proposer,
  { newId, newSecret }: Fresh,
): Transition['claim'] {
  if (!run.claim && isHeld(state.type) && caller.kind !== 'token') {
    const claim: Claim = { sessionId: caller.sessionId, secret: newSecret(), claimId: newId() };
    return { kind: 'begin', claim };
  }
  return { kind: run.claim && endsClaim(state) ? 'end' : 'keep' };
}

function heldByAnother(run: Run): string {
  const { type } = currentState(run);
  return isCancelling(type)
    ? 'This run is being cancelled by the agent that holds it.'
    : `This run is ${type} and held by another agent. Suspend or cancel it, or use force.`;
}
