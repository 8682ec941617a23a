import type { ClaimToken } from './claim-token.ts';
import type { Instant } from './instant.ts';
import type { JsonText } from './json-text.ts';
import type {
  Deployment,
  Flow,
  LogLine,
  QueuePlace,
  Session,
  WorkPool,
  WorkQueue,
} from './records.ts';
import type { Claim, NewRun, Payload, Run, RunState } from './run.ts';
import type { StateType } from './state.ts';
import type { Transition } from './transition.ts';

/**
 * The port: all that the rules ask of a database. One method per verb, each one atomic; store/ has a
 * file of the same name for each that writes a run or a session.
 *
 * A lost condition is an answer, never an exception: it carries the item as it is. Methods throw
 * only when the database does not answer (then a write may have happened, or not).
 */
export interface Store {
  // Work pools and queues
  createPool(pool: WorkPool, defaultQueue: WorkQueue): Promise<'created' | 'exists'>;
  readPool(name: string, how: Freshness): Promise<WorkPool | undefined>;
  listPools(): Promise<WorkPool[]>;
  updatePool(name: string, change: Partial<WorkPool>): Promise<'updated' | 'missing'>;
  /** Creates `queue` and moves others to make room for its priority, all or nothing. */
  createQueue(queue: WorkQueue, moved: readonly WorkQueue[]): Promise<'created' | 'exists'>;
  updateQueue(
    queue: WorkQueue,
    change: Partial<WorkQueue>,
    moved: readonly WorkQueue[],
  ): Promise<void>;
  /** Of a pool, by priority. */
  listQueues(poolId: string, how: Freshness): Promise<WorkQueue[]>;
  readQueuePlace(queueId: string): Promise<QueuePlace | undefined>;

  // Flows and deployments
  createFlow(flow: Flow): Promise<{ flow: Flow; created: boolean }>;
  readFlows(ids: readonly string[]): Promise<Flow[]>;
  listFlows(): Promise<Flow[]>;
  /** Claims the name for this id, or gives the id that has it. */
  createDeployment(deployment: Deployment): Promise<{ id: string; created: boolean }>;
  /** False where it is not of the generation just before this one. */
  overwriteDeployment(deployment: Deployment): Promise<boolean>;
  readDeployments(ids: readonly string[]): Promise<Deployment[]>;
  /** By id, each of at least that generation; apart from that, as within the last 2 s will do. */
  readDeploymentsSince(wanted: ReadonlyMap<string, number>): Promise<Deployment[]>;
  readDeploymentId(flowId: string, name: string): Promise<string | undefined>;
  listDeployments(): Promise<Deployment[]>;

  // Runs
  /** Once per id: where the run is there already, it comes back as it is. */
  createRun(run: NewRun): Promise<{ run: Run; created: boolean }>;
  /** Consistent. */
  readRun(id: string): Promise<Run | undefined>;
  /** Consistent, in no order; missing ones are left out. */
  readRuns(ids: readonly string[]): Promise<Run[]>;
  /** Under a token, if it is the current claim's; job variables, if the run is SCHEDULED. */
  updateRun(id: string, change: RunChange, token: ClaimToken | undefined): Promise<Updated>;
  /** States that were moved out of the run's item, oldest first; some may come twice. */
  readMovedStates(id: string): Promise<RunState[]>;
  savePayload(runId: string, text: JsonText | string): Promise<Payload>;
  readPayload(runId: string, payload: Payload): Promise<string>;

  /** Ids of the runs that wait in a queue, due by `now`, longest due first. An index read: it proposes only. */
  listReady(window: ReadyWindow): Promise<{ candidates: string[]; next?: string }>;
  /** What the index says a session holds. */
  listClaimed(sessionId: string): Promise<ClaimedEntry[]>;
  /** Ids of runs, newest day first; of one deployment if given. An index read. */
  listRunIds(of: { deploymentId?: string }): Promise<string[]>;

  // The claim, and every other change of a state
  claim(attempt: ClaimAttempt): Promise<Written>;
  /** Won: nothing comes back, the caller knows what it wrote. Lost: the run as it is. */
  transition(transition: Transition, guard: Guard): Promise<Updated>;

  // Sessions
  /** The name must be free, or be held by `over`. Sent twice, it opens once. */
  openSession(session: Session, over: string | undefined): Promise<Opened>;
  /** undefined: there is no such live session. */
  renewSession(renewal: SessionRenewal): Promise<Session | undefined>;
  /** If it is open, and its lease is the one seen, where one is given. Frees its name. */
  endSession(ending: SessionEnding): Promise<boolean>;
  /** Consistent. */
  readSession(poolId: string, sessionId: string): Promise<Session | undefined>;
  listSessions(poolId: string): Promise<Session[]>;

  // Logs
  writeLogs(runId: string, lines: readonly LogLine[], at: Instant, batchId: string): Promise<void>;
  readLogs(runId: string): Promise<LogLine[]>;

  /** Whether the table answers. */
  ping(): Promise<void>;
}

/** Lost: the run as it is; undefined where there is none. */
export type Updated = { readonly done: true } | { readonly done: false; run: Run | undefined };

/** `cached`: as it was within the last 2 s is good enough (a poll, a name for display). */
type Freshness = 'fresh' | 'cached';

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

export interface ReadyWindow {
  readonly queueId: string;
  readonly shard: number;
  readonly now: Instant;
  readonly limit: number;
  /** `next` of the window before: go on behind it. */
  readonly after?: string;
}

export interface ClaimedEntry {
  readonly runId: string;
  readonly attempt: number;
  readonly claimId: string;
  readonly cancelling: boolean;
}

export interface ClaimAttempt {
  readonly runId: string;
  readonly claim: Claim;
  readonly state: RunState;
  readonly now: Instant;
  /** No write of it starts later, not even one sent again. */
  readonly deadline: Instant;
}

/** Won: the run as this write left it. Lost: the run as it is (undefined: there is none). */
export type Written =
  | { readonly won: true; readonly run: Run }
  | { readonly won: false; readonly run: Run | undefined };

/** The condition of a transition; store/conditions.ts puts it into words. */
export type Guard =
  | {
      /** Blind: written without a read, where the answer would be a plain ACCEPT. */
      readonly kind: 'plain';
      readonly from: readonly StateType[];
      readonly attempt: number;
      readonly secret: string;
      /** Not before its scheduled time. */
      readonly dueBy?: Instant;
      /** Only where no retry is left to grant. */
      readonly noRetryLeft?: boolean;
    }
  | {
      /** Decided on the state read. */
      readonly kind: 'decided';
      readonly stateId: string;
    };

export type Opened = 'opened' | 'open already' | 'ended' | { readonly nameHeldBy: string };

export interface SessionEnding {
  readonly poolId: string;
  readonly sessionId: string;
  readonly at: Instant;
  readonly leaseExpiresAt?: Instant;
}

export interface SessionRenewal {
  readonly poolId: string;
  readonly sessionId: string;
  readonly capacity: number;
  readonly running: number;
  readonly at: Instant;
  readonly leaseExpiresAt: Instant;
  readonly endedAt: Instant | null;
}
