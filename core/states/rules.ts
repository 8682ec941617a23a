import { currentState, type Run, type RunState } from '../../model/runs/run.ts';
import {
  isCancelling,
  isCompleted,
  isFinal,
  isRunning,
  isScheduled,
  STATE_NAME,
  type StateType,
} from '../../model/runs/state.ts';
import { type Instant, SECOND, type Seconds } from '../../model/values/instant.ts';
import type { Standing } from './fence.ts';
import { NEVER_RESUMED, pausedUntil, suspends } from './pauses.ts';
import type { Proposal } from './proposal.ts';
import type { RuleName } from './state-table.ts';

/** The answer to a proposal. `instead` is a state that is written in place of the proposed one. */
export type Verdict =
  | { readonly status: 'ACCEPT' }
  | { readonly status: 'REJECT'; readonly reason: string; readonly instead?: Instead }
  | { readonly status: 'ABORT'; readonly reason: string }
  | { readonly status: 'WAIT'; readonly seconds: number; readonly reason: string };

type Instead = Pick<RunState, 'type' | 'name'> &
  Partial<Pick<RunState, 'message' | 'data' | 'scheduledAt'>>;

export interface Question {
  readonly run: Run;
  readonly proposal: Proposal;
  readonly standing: Standing;
  readonly isLastClaimant: boolean;
  readonly now: Instant;
}

const ACCEPT: Verdict = { status: 'ACCEPT' };
const reject = (reason: string, instead?: Instead): Verdict => ({
  status: 'REJECT',
  reason,
  ...(instead ? { instead } : {}),
});
const abort = (reason: string): Verdict => ({ status: 'ABORT', reason });

/**
 * The rules that the table in state-table.ts names. Reasons use Prefect's texts where it has one.
 */
export const RULES: Readonly<Record<RuleName, (question: Question) => Verdict>> = {
  accept: () => ACCEPT,

  schedule: ({ run, proposal }) => {
    if (proposal.name !== STATE_NAME.late) return ACCEPT;
    const state = currentState(run);
    const waits = isScheduled(state.type) && !run.claim;
    return waits && state.name !== STATE_NAME.late ? ACCEPT : reject(NOT_LATE);
  },

  claim: () => ACCEPT,

  claimWhenDue: ({ run, now }) => {
    const due = run.scheduledAt ?? now;
    const micros = due - now;
    if (micros <= 0) return ACCEPT;
    // Prefect rounds the same way: whole seconds plus the rounded fraction. At least 1 s, because 0
    // would not wait at all.
    const seconds = Math.max(1, Math.round(micros / SECOND));
    return { status: 'WAIT', seconds, reason: 'Scheduled time is in the future' };
  },

  renamePending: ({ run, proposal, standing }) => {
    const renames = proposal.name !== currentState(run).name && proposal.name !== 'Pending';
    return standing === 'holder' && renames ? ACCEPT : abort(isHeldText(run.stateType));
  },

  retryOrAccept: ({ run, proposal, now, standing }) => {
    if (standing !== 'holder' || run.retries === undefined || run.runCount > run.retries) {
      return ACCEPT;
    }
    return reject('Retrying', {
      type: 'SCHEDULED',
      name: STATE_NAME.awaitingRetry,
      scheduledAt: now + retryDelay(run) * SECOND,
      ...(proposal.message ? { message: proposal.message } : {}),
      ...(proposal.data ? { data: proposal.data } : {}),
    });
  },

  cancel: ({ run, proposal }) =>
    run.claim
      ? ACCEPT
      : reject('Scheduled flow run has no infrastructure to terminate.', {
          type: 'CANCELLED',
          name: 'Cancelled',
          ...(proposal.message ? { message: proposal.message } : {}),
        }),

  notPendingAgain: ({ run }) => abort(isHeldText(run.stateType)),

  notAgain: ({ run }) =>
    abort(
      `This run is already ${run.stateType}. Set it to SCHEDULED first if it should run again.`,
    ),

  alreadyFinal: () => abort('This run is already in a terminal state.'),

  restart: (question) => {
    if (keepsItsResult(question)) return reject('This run is already completed.');
    return question.isLastClaimant
      ? ACCEPT
      : abort('This run has ended. Set it to SCHEDULED first if it should run again.');
  },

  reschedule: (question) => {
    if (keepsItsResult(question)) return reject('This run is already completed.');
    return isFoundWhenScheduled(question.run)
      ? ACCEPT
      : abort('Cannot reschedule a run without an associated deployment.');
  },

  correct: (question) => {
    const { proposal } = question;
    const loses = isCompleted(proposal.type) && !proposal.persists && keepsItsResult(question);
    return loses ? reject('This run is already completed.') : ACCEPT;
  },

  onlyCancelled: () => reject('This run is being cancelled: it can only become CANCELLED.'),

  pause: ({ run, proposal }) => {
    const verb = proposal.name === STATE_NAME.suspended ? 'suspend' : 'pause';
    const key = proposal.details?.['pause_key'];
    if (typeof key === 'string' && run.pauseKeys?.includes(key)) {
      return reject(`This ${verb} has already fired.`);
    }
    if (!suspends(proposal)) return ACCEPT;
    if (run.parentTaskRunId) return abort(`Cannot ${verb} a subflow: its parent waits for it.`);
    return run.deploymentId
      ? ACCEPT
      : abort(`Cannot ${verb} a run without a deployment: no worker would pick it up again.`);
  },

  resume: (question) => {
    const { run, proposal, now } = question;
    const state = currentState(run);
    if (suspends(state) && !run.deploymentId) {
      return reject('Cannot resume a suspended run without a deployment.');
    }
    const until = pausedUntil(state);
    if (until !== undefined && until < now) {
      const failed = { type: 'FAILED', name: 'Failed', message: { text: NEVER_RESUMED } } as const;
      return reject('The flow run pause has timed out and can no longer resume.', failed);
    }
    return isScheduled(proposal.type) ? RULES.schedule(question) : ACCEPT;
  },

  onlyRunningPauses: ({ run }) =>
    reject(`Cannot pause a run that is ${run.stateType}: only a RUNNING run can be paused.`),

  onlyResume: () => reject('A paused run can only be resumed, rescheduled or ended.'),
};

/** The answer with `force`: a user overrides the rules, but never another caller's claim. */
export function forced({ run, proposal, standing, ...rest }: Question): Verdict {
  const question = { run, proposal, standing, ...rest };
  const { type } = proposal;
  if (isCompleted(run.stateType) && isCompleted(type)) return RULES.correct(question);
  if (isCancelling(type)) {
    return isFinal(run.stateType) ? RULES.alreadyFinal(question) : RULES.cancel(question);
  }
  if (type === 'PENDING') {
    if (isFinal(run.stateType)) return RULES.notAgain(question);
    return isScheduled(run.stateType) || standing === 'holder'
      ? RULES.claim(question)
      : RULES.notPendingAgain(question);
  }
  if (isRunning(type) && isFinal(run.stateType)) return RULES.restart(question);
  if (isScheduled(type) && isFinal(run.stateType) && !isFoundWhenScheduled(run))
    return RULES.reschedule(question);
  return ACCEPT;
}

/**
 * Whether the run, once SCHEDULED, can be picked up: from a queue, or by a process that serves it.
 */
export const isFoundWhenScheduled = ({ queueId, deploymentId }: Run): boolean =>
  queueId !== undefined || deploymentId !== undefined;

const NOT_LATE = 'Only a scheduled run can become Late, and only once.';

const isHeldText = (type: StateType): string =>
  `This run is in a ${type} state and cannot transition to a PENDING state.`;

/** Whether the run is COMPLETED with a persisted result (Prefect's rule 3). */
function keepsItsResult({ run }: Question): boolean {
  return isCompleted(run.stateType) && currentState(run).persists === true;
}

/**
 * Seconds before the next retry: one number for all retries, or one per retry; the last one
 * repeats.
 */
function retryDelay(run: Run): Seconds {
  const { retryDelay: delay = 0, runCount } = run;
  if (typeof delay === 'number') return delay;
  return delay[Math.min(runCount, delay.length) - 1] ?? 0;
}
