import type { Run, RunState } from '../../model/runs/run.ts';
import { isHeld } from '../../model/runs/state.ts';
import { isClaimant, type Proposer } from './fence.ts';
import type { Proposal } from './proposal.ts';
import { endsClaim } from './transition.ts';

/** The state and the status with which a proposal was answered before. */
export interface Replayed {
  readonly state: RunState;
  readonly status: 'ACCEPT' | 'REJECT';
}

/**
 * Recognizes a proposal that was sent again: its state id is already on the run. Either the caller
 * sent it again (transition_id), or the SDK did after a lost response. Nothing is counted twice.
 * The proposal gets the same answer again if it comes from the same caller, and if its claim is
 * still current or was ended by this very transition. A process that has lost its claim since then
 * must not take the old ACCEPT as permission to continue.
 */
export function replay(run: Run, proposal: Proposal, caller: Proposer): Replayed | undefined {
  const index = run.states.findIndex((state) => state.id === proposal.stateId);
  const state = run.states[index];
  if (!state || (state.insteadOf ?? state.type) !== proposal.type) return undefined;
  if ((state.proposed ?? false) !== proposal.hasTransitionId) return undefined;
  const claimedSince = run.states.slice(index + 1).some((later) => later.claimedBy !== undefined);
  // A state that nobody's claim led to, such as a forced pause, is still current or was left.
  const isCurrent = index === run.states.length - 1;
  if (claimedSince || !(run.claim || endsClaim(state) || isCurrent)) return undefined;
  if (!mayHaveMade(run, state, caller)) return undefined;
  return { state, status: state.insteadOf ? 'REJECT' : 'ACCEPT' };
}

/** Whether the caller had the claim, as far as this can be known after the claim has ended. */
function mayHaveMade(run: Run, state: RunState, caller: Proposer): boolean {
  if (caller.kind === 'token') {
    const { attempt, secret } = caller.token;
    return attempt === run.attempt && (!run.claim || run.claim.secret === secret);
  }
  const claimant = isClaimant(run, caller);
  return caller.kind === 'worker' ? claimant : claimant || !isHeld(state.type);
}

/** Whether the run has, or had, a state with this id. */
export const isKnown = (run: Run, id: string): boolean =>
  run.earlierIds.includes(id) || run.states.some((state) => state.id === id);
