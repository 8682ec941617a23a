import type { Instant } from '../values/instant.ts';
import type { JsonText } from '../values/json-text.ts';
import type { Updated } from './claim-store.ts';
import type { ClaimToken } from './claim-token.ts';
import type { NewRun, Payload, Run, RunState } from './run.ts';

/** Runs: their records, and where they are listed. */
export interface RunStore {
  /**
   * Once per id: where the run is there already, it comes back as it is. A write that is to start
   * later than `withinMicros` from now does not start. One that was deleted is there no more, unless
   * `unlessDeleted`; then nothing is created, and what would have been comes back.
   */
  createRun(
    run: NewRun,
    withinMicros?: number,
    unlessDeleted?: 'unless deleted',
  ): Promise<{ run: Run; created: boolean }>;
  /** Consistent. */
  readRun(id: string): Promise<Run | undefined>;
  /** Consistent, in no order; missing ones are left out. */
  readRuns(ids: readonly string[]): Promise<Run[]>;
  /** Under a token, if it is the current claim's; job variables, if the run is SCHEDULED. */
  updateRun(id: string, change: RunChange, token: ClaimToken | undefined): Promise<Updated>;
  /**
   * If its state is the one read, and with what it holds of the limits. Done: it is gone, or `leaves`
   * a tombstone until then. Not done, and no run: it was gone.
   */
  deleteRun(run: Run, leaves: LeftBehind | undefined): Promise<Updated>;
  /** Of a run that expired, or whose tombstone did: what else there is of it, and was saved before. */
  forgetRun(expired: Pick<Run, 'id' | 'parentTaskRunId'>, savedBefore: Instant): Promise<void>;
  /** What lies beside a run that is gone. */
  deleteBeside(run: Run): Promise<void>;
  /** If nobody has labelled or claimed it since it was read. */
  updateLabels(run: Run, change: LabelChange): Promise<boolean>;
  /** Lists a waiting run in its deployment's lane, if it is listed where it was seen. */
  moveToLane(entry: ReadyEntry, place: LanePlace): Promise<boolean>;
  /** States that were moved out of the run's item, oldest first; some may come twice. */
  readMovedStates(id: string): Promise<RunState[]>;
  savePayload(owner: Owner, text: JsonText | string): Promise<Payload>;
  readPayload(owner: Owner, payload: Payload): Promise<string>;

  /** What waits in a queue or a lane, due by `now`, longest due first. An index read: it proposes only. */
  listReady(window: ReadyWindow): Promise<{ candidates: ReadyEntry[]; next?: string }>;
  /** What the index says a session holds. */
  listClaimed(sessionId: string): Promise<ClaimedEntry[]>;
  /** Runs by hand, of no queue, that have not ended. An index read. */
  listByHand(): Promise<ByHandEntry[]>;
  /** The days that any run or task run is listed at, in no order. */
  listDays(): Promise<string[]>;
  /** What FAILED or CRASHED on these days. An index read. */
  listFailed(days: readonly string[]): Promise<string[]>;
  /** Runs by the time they are listed at, latest first: see listedAt(). An index read. */
  listRuns(window: RunWindow): Promise<{ entries: ListedRun[]; next?: string }>;
  /** The runs that have one of these task runs for a parent. Consistent. */
  listChildRuns(taskRunIds: readonly string[]): Promise<string[]>;
}

/** Whose something large is. A client may choose a task run's id: what is a run's lies apart from it. */
export type Owner = { readonly runId: string } | { readonly taskRunId: string };

export interface RunChange {
  readonly name?: string;
  readonly flowVersion?: string | null;
  readonly tags?: readonly string[];
  readonly parameters?: Payload;
  readonly jobVariables?: Payload;
  readonly infrastructurePid?: string | null;
  readonly retries?: number | null;
  readonly retryDelay?: number | readonly number[] | null;
  readonly patchedAt: Instant;
}

export interface LeftBehind {
  readonly until: Instant;
}

export interface LabelChange {
  /** null: all of its labels follow from what else is known. */
  readonly labels: JsonText | null;
  readonly workerType?: string;
  /** Absent: the change is no sign that its claim is followed up. */
  readonly patchedAt?: Instant;
}

export interface RunWindow {
  /** Only of these. */
  readonly deploymentIds?: readonly string[];
  /** `next` of the window before: go on behind it. */
  readonly after?: string;
  /** Listed at or after it. */
  readonly from?: Instant;
  readonly limit: number;
}

export interface ListedRun {
  readonly runId: string;
  readonly at: Instant;
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
