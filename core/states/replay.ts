import type { Run, RunState } from '../../model/runs/run.ts';
import { isHeld } from '../../model/runs/state.ts';
import { isClaimant, type Proposer } from './fence.ts';
import type { Proposal } from './proposal.ts';
import { endsClaim } from './transition.ts';

/** The state that answered a proposal before, and how it was answered. */
export interface Replayed {
  readonly state: RunState;
  readonly status: 'ACCEPT' | 'REJECT';
}

/**
 * A state id seen before is the same proposal sent again, by the caller (transition_id) or by the SDK
 * after a lost reply: it counts nothing twice. It is answered as it was, to who made it, while the
 * claim it belonged to is current or was ended by that very transition; a process that lost its claim
 * since must not read an old ACCEPT as leave to go on.
 */
export function replay(run: Run, proposal: Proposal, caller: Proposer): Replayed | undefined {
  const index = run.states.findIndex((state) => state.id === proposal.stateId);
  const state = run.states[index];
  if (!state || (state.insteadOf ?? state.type) !== proposal.type) return undefined;
  if ((state.proposed ?? false) !== proposal.hasTransitionId) return undefined;
  const claimedSince = run.states.slice(index + 1).some((later) => later.claimedBy !== undefined);
  if (claimedSince || !(run.claim || endsClaim(state)) || !mayHaveMade(run, state, caller)) {
    return undefined;
  }
  return { state, status: state.insteadOf ? 'REJECT' : 'ACCEPT' };
}

/** Whether the caller is who had the claim, as far as can be told after its end. */
function mayHaveMade(run: Run, state: RunState, caller: Proposer): boolean {
  if (caller.kind === 'token') {
    const { attempt, secret } = caller.token;
    return attempt === run.attempt && (!run.claim || run.claim.secret === secret);
  }
  const claimant = isClaimant(run, caller);
  return caller.kind === 'worker' ? claimant : claimant || !isHeld(state.type);
}

/** Whether a state of this id is, or was, one of the run's. */
export const isKnown = (run: Run, id: string): boolean =>
  run.earlierIds.includes(id) || run.states.some((state) => state.id === id);
