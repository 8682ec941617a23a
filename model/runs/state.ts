/**
 * A run's state: one of nine types, and a name. Only types have rules (core/states/state-table.ts).
 * Names are free text for people, except for the few that Prefect's clients look for.
 *
 * - SCHEDULED  waits for its time and for an agent. Unclaimed, except while the agent that holds
 *              the run waits out a retry delay in its own process (name AwaitingRetry).
 * - PENDING    claimed: an agent holds the run and prepares it.
 * - RUNNING    claimed: the run's code is running.
 * - PAUSED     the code waits for a person. Claimed, unless the run was suspended (its process
 *              ended).
 * - CANCELLING someone asked the holder to stop the run.
 * - COMPLETED, FAILED, CRASHED, CANCELLED: final. FAILED means that the code reported
 *              it; CRASHED means that the process or the agent ended without a report.
 */
export const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const;

export type StateType = (typeof STATE_TYPES)[number];

/** The only type that a claim can take. */
export const CLAIMABLE: StateType = 'SCHEDULED';

export const isFinal = (type: StateType): boolean =>
  type === 'COMPLETED' || type === 'FAILED' || type === 'CRASHED' || type === 'CANCELLED';

/** In PENDING and RUNNING a run has a holder, so to enter either of them unclaimed is to claim. */
export const isHeld = (type: StateType): boolean => type === 'PENDING' || type === 'RUNNING';

/** Final, and not a success or a cancellation: listed in the dead-letter view. */
export const isFailure = (type: StateType): boolean => type === 'FAILED' || type === 'CRASHED';

export const isCancelling = (type: StateType): boolean => type === 'CANCELLING';
export const isCancelled = (type: StateType): boolean => type === 'CANCELLED';
export const isPaused = (type: StateType): boolean => type === 'PAUSED';
export const isCompleted = (type: StateType): boolean => type === 'COMPLETED';
export const isRunning = (type: StateType): boolean => type === 'RUNNING';
export const isPending = (type: StateType): boolean => type === 'PENDING';
export const isScheduled = (type: StateType): boolean => type === 'SCHEDULED';

/** Prefect names a state after its type unless a name is given: Scheduled, Pending, ... */
export const defaultName = (type: StateType): string => type[0] + type.slice(1).toLowerCase();

/** The names that have a meaning for Prefect's clients. */
export const STATE_NAME = {
  awaitingRetry: 'AwaitingRetry',
  late: 'Late',
  timedOut: 'TimedOut',
  awaitingSlot: 'AwaitingConcurrencySlot',
  rescheduled: 'Rescheduled',
  suspended: 'Suspended',
  resuming: 'Resuming',
} as const;
