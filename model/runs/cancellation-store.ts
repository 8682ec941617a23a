import type { Instant } from '../values/instant.ts';

/**
 * Runs that were cancelled and have task runs: a note beside each, until what the run has started is
 * cancelled, too. The transition into CANCELLING or CANCELLED writes the note first, so that a sweep
 * goes on where a request ended early.
 */
export interface CancellationStore {
  /** A note alone has no effect: the run decides. */
  noteCancellation(cancellation: Cancellation): Promise<void>;
  /** Some of the runs that are noted, earliest first. An index read. */
  listCancellations(now: Instant): Promise<Cancellation[]>;
  /** Deletes the note if it is still this one: the run may have been cancelled again. */
  forgetCancellation(cancellation: Cancellation): Promise<void>;
}

export interface Cancellation {
  readonly runId: string;
  readonly at: Instant;
}
