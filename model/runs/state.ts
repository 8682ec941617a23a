/**
 * A run's state: one of nine types, and a name. Only types carry rules (core/states/state-table.ts); names are
 * free text for people, save the few that Prefect's clients look for.
 *
 * - SCHEDULED  waits for its time and for an agent. Unclaimed, except while the agent that holds the
 *              run waits out a retry delay in its own process (name AwaitingRetry).
 * - PENDING    claimed: an agent has it and prepares it.
 * - RUNNING    claimed: its code runs.
 * - PAUSED     its code waits for a person; claimed, unless it was suspended (its process is gone).
 * - CANCELLING someone asked its holder to stop it.
 * - COMPLETED, FAILED, CRASHED, CANCELLED: final. FAILED means its code said so; CRASHED means its
 *              process or its agent ended without a word.
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

/** What a claim takes, and nothing else. */
export const CLAIMABLE: StateType = 'SCHEDULED';

export const isFinal = (type: StateType): boolean =>
  type === 'COMPLETED' || type === 'FAILED' || type === 'CRASHED' || type === 'CANCELLED';

/** In PENDING and RUNNING somebody holds the run: to enter either unclaimed is to claim. */
export const isHeld = (type: StateType): boolean => type === 'PENDING' || type === 'RUNNING';

/** Final, and not as hoped: listed in the dead-letter view. */
export const isFailure = (type: StateType): boolean => type === 'FAILED' || type === 'CRASHED';

export const isCancelling = (type: StateType): boolean => type === 'CANCELLING';
export const isPaused = (type: StateType): boolean => type === 'PAUSED';
export const isCompleted = (type: StateType): boolean => type === 'COMPLETED';
export const isRunning = (type: StateType): boolean => type === 'RUNNING';
export const isPending = (type: StateType): boolean => type === 'PENDING';
export const isScheduled = (type: StateType): boolean => type === 'SCHEDULED';

/** Prefect names a state after its type unless told otherwise: Scheduled, Pending, ... */
export const defaultName = (type: StateType): string => type[0] + type.slice(1).toLowerCase();

/** The names that mean something to Prefect's clients. */
export const STATE_NAME = {
  awaitingRetry: 'AwaitingRetry',
  late: 'Late',
  timedOut: 'TimedOut',
  awaitingSlot: 'AwaitingConcurrencySlot',
  rescheduled: 'Rescheduled',
  suspended: 'Suspended',
  resuming: 'Resuming',
} as const;
