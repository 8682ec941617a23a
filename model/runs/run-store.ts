import type { Instant, Micros, Seconds } from '../values/instant.ts';
import type { JsonText } from '../values/json-text.ts';
import type { Updated } from './claim-store.ts';
import type { ClaimToken } from './claim-token.ts';
import type { NewRun, Payload, Run, RunState } from './run.ts';

/** Runs: their records, and the indexes that list them. */
export interface RunStore {
  /** Creates a run, once per id: if it exists already, it is returned as it is. */
  createRun(run: NewRun, terms?: CreateTerms): Promise<{ run: Run; created: boolean }>;
  /** A consistent read. */
  readRun(id: string): Promise<Run | undefined>;
  /** A consistent read, in no order; missing runs are left out. */
  readRuns(ids: readonly string[]): Promise<Run[]>;
  /**
   * With a token: only if it is the current claim's. Job variables: only if the run is SCHEDULED.
   */
  updateRun(id: string, change: RunChange, token: ClaimToken | undefined): Promise<Updated>;
  /**
   * Deletes the run and the slots that it holds, if its state is still the one that was read.
   * `leaves`: puts a tombstone in its place, until the time given. Done: the run is gone. Not done,
   * without a run: it was gone before.
   */
  deleteRun(run: Run, leaves: LeftBehind | undefined): Promise<Updated>;
  /** For a run or tombstone that expired: deletes what lies beside it and was saved before then. */
  forgetRun(expired: Pick<Run, 'id' | 'parentTaskRunId'>, savedBefore: Instant): Promise<void>;
  /** Deletes what lies beside a run that is gone. */
  deleteBeside(run: Run): Promise<void>;
  /** Only if the run has been neither labelled nor claimed since it was read. */
  updateLabels(run: Run, change: LabelChange): Promise<boolean>;
  /** The states that were moved out of the run's item, oldest first. Some may be returned twice. */
  readMovedStates(id: string): Promise<RunState[]>;
  savePayload(owner: Owner, text: JsonText | string): Promise<Payload>;
  readPayload(owner: Owner, payload: Payload): Promise<string>;
  /** All of a small text; of a larger one at least its first 100,000 UTF-16 units. */
  readPayloadHead(owner: Owner, payload: Payload): Promise<string>;

  /** The days under which any run or task run is listed, in no order. */
  listDays(): Promise<string[]>;
  /** The runs that FAILED or CRASHED on these days. An index read. */
  listFailed(days: readonly string[]): Promise<string[]>;
  /** Runs by the time under which they are listed, latest first: see listedAt(). An index read. */
  listRuns(window: RunWindow): Promise<{ entries: ListedRun[]; next?: string }>;
  /** The runs whose parent is one of these task runs. A consistent read. */
  listChildRuns(taskRunIds: readonly string[]): Promise<string[]>;
}

export interface CreateTerms {
  /** A write that would start more than this from now does not start. */
  readonly within?: Micros;
  /**
   * By default the id of a deleted run can be created again. With this, nothing is created if the
   * run was deleted, and the run that would have been is returned.
   */
  readonly unlessDeleted?: true;
}

/**
 * The run or task run that a large value or a log belongs to. The two are stored apart, because a
 * client may choose a task run's id.
 */
export type Owner = { readonly runId: string } | { readonly taskRunId: string };

export interface RunChange {
  readonly name?: string;
  readonly flowVersion?: string | null;
  readonly tags?: readonly string[];
  readonly parameters?: Payload;
  readonly jobVariables?: Payload;
  readonly infrastructurePid?: string | null;
  readonly retries?: number | null;
  readonly retryDelay?: Seconds | readonly Seconds[] | null;
  readonly patchedAt: Instant;
}

export interface LeftBehind {
  readonly until: Instant;
}

export interface LabelChange {
  /** null: all of the run's labels follow from other fields. */
  readonly labels: JsonText | null;
  readonly workerType?: string;
  /** Absent: the change is no sign that the holder acts on its claim. */
  readonly patchedAt?: Instant;
}

export interface RunWindow {
  /** Only runs of these deployments. */
  readonly deploymentIds?: readonly string[];
  /** `next` of the previous window: continue after it. */
  readonly after?: string;
  /** Only runs listed at or after this time. */
  readonly from?: Instant;
  readonly limit: number;
}

export interface ListedRun {
  readonly runId: string;
  readonly at: Instant;
}
