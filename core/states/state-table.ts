import type { StateType } from '../../model/runs/state.ts';

/**
 * THE state machine: the rule that answers each pair of (current state, proposed state). The rules
 * are Prefect 3's, except where Prefect would allow a run to be executed twice (docs/decisions.md
 * lists these cases). rules.ts implements each rule; fence.ts decides which callers may propose a
 * state at all.
 */
export type RuleName =
  /** Accepted as proposed. */
  | 'accept'
  /** Accepted from the holder of the run. If no session holds the run, it is a claim. */
  | 'claim'
  /** As `claim`, but before the scheduled time the answer is WAIT. */
  | 'claimWhenDue'
  /** As `accept`, but only a waiting run can become Late, and only once. */
  | 'schedule'
  /** The holder gives its PENDING state another name. */
  | 'renamePending'
  /** FAILED while retries are left: REJECT with SCHEDULED / AwaitingRetry. */
  | 'retryOrAccept'
  /**
   * If no session holds the run: REJECT with CANCELLED. Otherwise the holder is asked to stop it.
   */
  | 'cancel'
  /** A run in a final state must be rescheduled before it can be claimed again. ABORT. */
  | 'notAgain'
  /** A run in a final state cannot become CANCELLING, PAUSED or CRASHED. ABORT. */
  | 'alreadyFinal'
  /** The last claimant restarts its process. */
  | 'restart'
  /**
   * From a final state back to waiting, if a worker or a serving process can find the run there.
   */
  | 'reschedule'
  /** One final state replaces another. */
  | 'correct'
  /** A run that is past PENDING cannot become PENDING. ABORT. */
  | 'notPendingAgain'
  /** A CANCELLING run can only become CANCELLED. REJECT. */
  | 'onlyCancelled'
  /** Each pause fires once, and a suspended run must be one that can be found again. */
  | 'pause'
  /** Out of a pause before its timeout. After the timeout: REJECT with FAILED. */
  | 'resume'
  /** Only a RUNNING run can be paused. REJECT. */
  | 'onlyRunningPauses'
  /** A paused run can only be resumed, rescheduled or ended. REJECT. */
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
