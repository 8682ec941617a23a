import type { Instant } from '../values/instant.ts';

/** What waits and what is claimed, as an index shows it: seconds old at worst, so it only proposes. */
export interface DispatchStore {
  /** What waits in a queue or a lane, due by `now`, longest due first. An index read: it proposes only. */
  listReady(window: ReadyWindow): Promise<{ candidates: ReadyEntry[]; next?: string }>;
  /** What the index says a session holds. */
  listClaimed(sessionId: string): Promise<ClaimedEntry[]>;
  /** Runs by hand, of no queue, that have not ended. An index read. */
  listByHand(): Promise<ByHandEntry[]>;
  /** Lists a waiting run in its deployment's lane, if it is listed where it was seen. */
  moveToLane(entry: ReadyEntry, place: LanePlace): Promise<boolean>;
}

export interface ReadyWindow {
  readonly queueId: string;
  /** One of the queue's shards, or the lane of a deployment. */
  readonly of: number | { readonly lane: string };
  /** Due by then. */
  readonly now: Instant;
  /** And not before; default: whenever. */
  readonly from?: Instant;
  readonly limit: number;
  /** `next` of the window before: go on behind it. */
  readonly after?: string;
}

/** A waiting run, as the index shows it. */
export interface ReadyEntry {
  readonly runId: string;
  readonly deploymentId?: string;
  /** How often it has been claimed. */
  readonly attempts: number;
  /** When it is due. */
  readonly at: Instant;
  readonly inLane: boolean;
}

export interface ByHandEntry {
  readonly runId: string;
  /** Since when it is there. */
  readonly since: Instant;
  readonly attempt: number;
}

interface LanePlace {
  readonly queueId: string;
  readonly deploymentId: string;
}

export interface ClaimedEntry {
  readonly runId: string;
  /** Since when it is claimed, or is to be cancelled. */
  readonly since: Instant;
  readonly attempt: number;
  readonly claimId: string;
  readonly cancelling: boolean;
}
