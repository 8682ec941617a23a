import type { QueuePart } from '../pools.ts';
import type { Instant } from '../values/instant.ts';

/**
 * Waiting and claimed runs, as an index lists them. The index may be seconds old, so it only
 * proposes.
 */
export interface DispatchStore {
  /**
   * The runs that wait in a queue or a lane and are due by `now`, longest due first. An index read:
   * it only proposes candidates.
   */
  listReady(window: ReadyWindow): Promise<{ candidates: ReadyEntry[]; next?: string }>;
  /** The runs that a session holds, according to the index. */
  listClaimed(sessionId: string): Promise<ClaimedEntry[]>;
  /** Runs of flows called by hand, without a queue, that have not ended. An index read. */
  listByHand(): Promise<ByHandEntry[]>;
  /** Moves a waiting run to its deployment's lane, if it is still listed where it was seen. */
  moveToLane(entry: ReadyEntry, place: LanePlace): Promise<boolean>;
}

export interface ReadyWindow {
  readonly queueId: string;
  readonly of: QueuePart;
  /** Only runs due by this time. */
  readonly now: Instant;
  /** Only runs due at or after this time; default: no lower bound. */
  readonly from?: Instant;
  readonly limit: number;
  /** `next` of the previous window: continue after it. */
  readonly after?: string;
}

/** A part of a queue, to be read from where it was left. */
export type WindowPlace = Pick<ReadyWindow, 'of' | 'after'>;

/** A waiting run, as the index shows it. */
export interface ReadyEntry {
  readonly runId: string;
  readonly deploymentId?: string;
  /** How often the run has been claimed. */
  readonly attempts: number;
  /** When the run is due. */
  readonly at: Instant;
  readonly inLane: boolean;
}

export interface ByHandEntry {
  readonly runId: string;
  /** When it entered its present place in the index. */
  readonly since: Instant;
  readonly attempt: number;
}

interface LanePlace {
  readonly queueId: string;
  readonly deploymentId: string;
}

export interface ClaimedEntry {
  readonly runId: string;
  /** When the run was claimed, or when its cancellation was requested. */
  readonly since: Instant;
  readonly attempt: number;
  readonly claimId: string;
  readonly cancelling: boolean;
}
