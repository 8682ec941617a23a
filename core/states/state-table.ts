import type { StateType } from '../../model/runs/state.ts';

/**
 * THE state machine: for every pair of (from, proposed) the rule that answers it, as Prefect 3 has it,
 * save where Prefect lets a run be executed twice (ARCHITECTURE.md says where). What each rule says
 * stands in rules.ts; who may propose at all, in fence.ts.
 */
export type RuleName =
  /** Accepted as proposed. */
  | 'accept'
  /** Accepted for whoever holds the run; for an unheld run it is a claim. */
  | 'claim'
  /** As `claim`, but not before the scheduled time: WAIT. */
  | 'claimWhenDue'
  /** As `accept`; but only what waits becomes Late, and once. */
  | 'schedule'
  /** PENDING under another name, by the same holder. */
  | 'renamePending'
  /** FAILED while retries are left: REJECT with SCHEDULED / AwaitingRetry. */
  | 'retryOrAccept'
  /** Nothing to stop: REJECT with CANCELLED. Otherwise the holder is asked to stop. */
  | 'cancel'
  /** A final state cannot be claimed again, only re-scheduled first. ABORT. */
  | 'notAgain'
  /** Final states do not become CANCELLING, PAUSED or CRASHED. ABORT. */
  | 'alreadyFinal'
  /** A restart of the last claimant's process. */
  | 'restart'
  /** Out of a final state back into the queue, where there is one. */
  | 'reschedule'
  /** A final state over a final state. */
  | 'correct'
  /** Somebody has it. ABORT. */
  | 'notPendingAgain'
  /** CANCELLING ends as CANCELLED and as nothing else. REJECT. */
  | 'onlyCancelled'
  /** A pause fires once; what is suspended must be found again. */
  | 'pause'
  /** Out of a pause, in time: later it is REJECT with FAILED. */
  | 'resume'
  /** Only a RUNNING run pauses. REJECT. */
  | 'onlyRunningPauses'
  /** A paused run resumes, is re-scheduled or ends. REJECT. */
  | 'onlyResume';

type Row = Readonly<Record<StateType, RuleName>>;

const FINAL: Row = {
  SCHEDULED: 'reschedule',
  PENDING: 'notAgain',
  RUNNING: 'restart',
  COMPLETED: 'correct',
  FAILED: 'correct',
  CANCELLED: 'correct',
  CRASHED: 'alreadyFinal',
  PAUSED: 'alreadyFinal',
  CANCELLING: 'alreadyFinal',
};

export const TRANSITIONS: Readonly<Record<StateType, Row>> = {
  SCHEDULED: {
    SCHEDULED: 'schedule',
    PENDING: 'claim',
    RUNNING: 'claimWhenDue',
    COMPLETED: 'accept',
    FAILED: 'accept',
    CANCELLED: 'accept',
    CRASHED: 'accept',
    PAUSED: 'onlyRunningPauses',
    CANCELLING: 'cancel',
  },
  PENDING: {
    SCHEDULED: 'schedule',
    PENDING: 'renamePending',
    RUNNING: 'claimWhenDue',
    COMPLETED: 'accept',
    FAILED: 'accept',
    CANCELLED: 'accept',
    CRASHED: 'accept',
    PAUSED: 'onlyRunningPauses',
    CANCELLING: 'accept',
  },
  RUNNING: {
    SCHEDULED: 'schedule',
    PENDING: 'notPendingAgain',
    RUNNING: 'claim',
    COMPLETED: 'accept',
    FAILED: 'retryOrAccept',
    CANCELLED: 'accept',
    CRASHED: 'accept',
    PAUSED: 'pause',
    CANCELLING: 'accept',
  },
  PAUSED: {
    SCHEDULED: 'resume',
    PENDING: 'onlyResume',
    RUNNING: 'resume',
    COMPLETED: 'resume',
    FAILED: 'resume',
    CANCELLED: 'resume',
    CRASHED: 'resume',
    PAUSED: 'onlyRunningPauses',
    CANCELLING: 'cancel',
  },
  CANCELLING: {
    SCHEDULED: 'onlyCancelled',
    PENDING: 'onlyCancelled',
    RUNNING: 'onlyCancelled',
    COMPLETED: 'onlyCancelled',
    FAILED: 'onlyCancelled',
    CANCELLED: 'accept',
    CRASHED: 'onlyCancelled',
    PAUSED: 'onlyCancelled',
    CANCELLING: 'onlyCancelled',
  },
  COMPLETED: FINAL,
  FAILED: FINAL,
  CRASHED: FINAL,
  CANCELLED: { ...FINAL, PENDING: 'notPendingAgain' },
};
