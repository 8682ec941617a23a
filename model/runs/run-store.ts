import type { Instant, Micros, Seconds } from '../values/instant.ts';
import type { JsonText } from '../values/json-text.ts';
import type { Updated } from './claim-store.ts';
import type { ClaimToken } from './claim-token.ts';
import type { NewRun, Payload, Run, RunState } from './run.ts';

/** Runs: their records, and where they are listed. */
export interface RunStore {
  /** Once per id: where the run is there already, it comes back as it is. */
  createRun(run: NewRun, terms?: CreateTerms): Promise<{ run: Run; created: boolean }>;
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
  /** States that were moved out of the run's item, oldest first; some may come twice. */
  readMovedStates(id: string): Promise<RunState[]>;
  savePayload(owner: Owner, text: JsonText | string): Promise<Payload>;
  readPayload(owner: Owner, payload: Payload): Promise<string>;

  /** The days that any run or task run is listed at, in no order. */
  listDays(): Promise<string[]>;
  /** What FAILED or CRASHED on these days. An index read. */
  listFailed(days: readonly string[]): Promise<string[]>;
  /** Runs by the time they are listed at, latest first: see listedAt(). An index read. */
  listRuns(window: RunWindow): Promise<{ entries: ListedRun[]; next?: string }>;
  /** The runs that have one of these task runs for a parent. Consistent. */
  listChildRuns(taskRunIds: readonly string[]): Promise<string[]>;
}

export interface CreateTerms {
  /** A write that would start later than this from now does not start. */
  readonly within?: Micros;
  /**
   * By default a run that was deleted is created anew. With this nothing is created over a deleted
   * one, and what would have been comes back.
   */
  readonly unlessDeleted?: true;
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
  readonly retryDelay?: Seconds | readonly Seconds[] | null;
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
