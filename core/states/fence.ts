import type { ClaimToken } from '../../model/runs/claim-token.ts';
import { lastClaimant, type Run } from '../../model/runs/run.ts';
import { isCancelling, isFinal, isPaused, isRunning, isScheduled } from '../../model/runs/state.ts';
import { isWorkerName } from '../../model/runs/worker-name.ts';
import { suspends } from './pauses.ts';
import type { Proposal } from './proposal.ts';

/** The caller that proposes a state. */
export type Proposer =
  /** A caller that sends a claim token: dibs's agent, or any process that the agent started. */
  | { readonly kind: 'token'; readonly token: ClaimToken }
  /**
   * A Prefect worker, or an engine that it started: its name, and the session that now has this
   * name.
   */
  | {
      readonly kind: 'worker';
      readonly sessionId: string;
      readonly name: string;
      /** Whether an operator is draining the worker: it may not claim any more runs. */
      readonly draining: boolean;
    }
  /**
   * A caller with neither name nor token: a user, a script, `serve()`. All such callers share one
   * session per pool.
   */
  | { readonly kind: 'user'; readonly sessionId: string };

/**
 * How the caller relates to the run:
 * - `holder`   the caller has the current claim
 * - `stale`    the caller's claim token is not current: 409 with the current holder, whatever it
 *              proposes
 * - `other`    a worker, while another session holds the run: ABORT, whatever it proposes, with or
 *              without force
 * - `user`     a caller without a claim, while a session holds the run: it may do what mayAsUser()
 *              lists
 * - `former`   a worker, while no session holds the run: it may claim the run and do nothing else
 * - `free`     a user, while no session holds the run
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
 * Whether the caller was the last to claim the run. A Prefect worker is recognized by its name,
 * because it gets a new session after it was OFFLINE. A run that an agent claimed can be changed
 * only with the claim token.
 */
export function isClaimant(run: Run, caller: Exclude<Proposer, { kind: 'token' }>): boolean {
  const claimant = lastClaimant(run);
  const sessionId = run.claim?.sessionId ?? claimant?.sessionId;
  if (sessionId === caller.sessionId) return true;
  if (caller.kind === 'user' || !claimant?.byName) return false;
  return isWorkerName(claimant, caller.name);
}

/**
 * What users and operators may do to a run that a session holds. The holder is informed of it. A
 * suspension takes the run from its holder, whose process ends at its next task; a pause, which
 * keeps the process waiting, only that process itself may ask for.
 */
export function mayAsUser(run: Run, proposal: Proposal): boolean {
  const { type, force } = proposal;
  if (isPaused(type)) return suspends(proposal);
  const resumes = isPaused(run.stateType) && (isRunning(type) || isScheduled(type));
  return isCancelling(type) || resumes || (force && (isFinal(type) || isScheduled(type)));
}
