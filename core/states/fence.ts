import type { ClaimToken } from '../../model/runs/claim-token.ts';
import { lastClaimant, type Run } from '../../model/runs/run.ts';
import { isCancelling, isFinal, isPaused, isRunning, isScheduled } from '../../model/runs/state.ts';
import { toldName } from '../../model/runs/worker-name.ts';
import type { Proposal } from './proposal.ts';

/** Who proposes a state. */
export type Proposer =
  /** Names its claim: our agent, or any process it started. */
  | { readonly kind: 'token'; readonly token: ClaimToken }
  /** A Prefect worker, or an engine it started: its name, and the session that has it now. */
  | {
      readonly kind: 'worker';
      readonly sessionId: string;
      readonly name: string;
      /** An operator wants it to claim nothing more. */
      readonly draining: boolean;
    }
  /** Neither name nor token: a user, a script, `serve()`. They share one session per pool. */
  | { readonly kind: 'user'; readonly sessionId: string };

/**
 * What the caller is to the run:
 * - `holder`   has the current claim
 * - `stale`    had a claim, but no longer: 409 with the present holder, whatever it proposes
 * - `other`    another worker holds the run: ABORT, whatever it proposes, forced or not
 * - `user`     somebody without a claim on a run that is held: may do what mayAsUser lists
 * - `former`   a worker, about a run that nobody holds: it may claim it, and nothing else
 * - `free`     nobody holds the run, and a user asks
 */
export type Standing = 'holder' | 'stale' | 'other' | 'user' | 'former' | 'free';

export function standing(run: Run, caller: Proposer): Standing {
  if (caller.kind === 'token') {
    const { token } = caller;
    const current = run.claim?.secret === token.secret && run.attempt === token.attempt;
    return current ? 'holder' : 'stale';
  }
  if (!run.claim) return caller.kind === 'worker' ? 'former' : 'free';
  if (isClaimant(run, caller)) return 'holder';
  return caller.kind === 'worker' ? 'other' : 'user';
}

/**
 * Whether the caller claimed the run last. A Prefect worker is known by its name, for its session is
 * another one after it was OFFLINE; but what an agent claimed is moved by its token alone.
 */
export function isClaimant(run: Run, caller: Exclude<Proposer, { kind: 'token' }>): boolean {
  const claimant = lastClaimant(run);
  const sessionId = run.claim?.sessionId ?? claimant?.sessionId;
  if (sessionId === caller.sessionId) return true;
  if (caller.kind === 'user' || !claimant?.byName) return false;
  return claimant.worker === toldName(caller.name);
}

/** What users and operators may do to a run that somebody holds. The holder hears of it. */
export function mayAsUser(run: Run, proposal: Proposal): boolean {
  const { type, force } = proposal;
  const resumes = isPaused(run.stateType) && (isRunning(type) || isScheduled(type));
  return isCancelling(type) || resumes || (force && (isFinal(type) || isScheduled(type)));
}
