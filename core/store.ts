import type { ClaimToken } from './claim-token.ts';
import type { Instant } from './instant.ts';
import type { JsonText } from './json-text.ts';
import type {
  ByHand,
  Deployment,
  Flow,
  LogLine,
  QueuePlace,
  Session,
  WorkPool,
  WorkQueue,
} from './records.ts';
import type { Claim, NewRun, Payload, Run, RunState } from './run.ts';
import type { ServedKind } from './service.ts';
import type { Limit, Scope, Slot, SlotChoice } from './slots.ts';
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
  createPool(pool: WorkPool, queue: WorkQueue, limit?: Limit): Promise<'created' | 'exists'>;
  readPool(name: string, how: Freshness): Promise<WorkPool | undefined>;
  listPools(): Promise<WorkPool[]>;
  /** A limit comes with it, all or nothing, here and below: it must be of the next version. */
  updatePool(name: string, change: Partial<WorkPool>, limit?: Limit): Promise<Changed>;
  /** Creates `queue` and moves others to make room for its priority, all or nothing. */
  createQueue(
    queue: WorkQueue,
    moved: readonly WorkQueue[],
    limit?: Limit,
  ): Promise<'created' | 'exists'>;
  updateQueue(
    queue: WorkQueue,
    change: Partial<WorkQueue>,
    moved: readonly WorkQueue[],
    limit?: Limit,
  ): Promise<Changed>;
  /** Registers a lane: before the first run waits in it. */
  addLane(place: QueuePlace, deploymentId: string): Promise<void>;
  /** Of a pool, by priority. */
  listQueues(poolId: string, how: Freshness): Promise<WorkQueue[]>;
  readQueuePlace(queueId: string): Promise<QueuePlace | undefined>;

  // Flows and deployments
  createFlow(flow: Flow): Promise<{ flow: Flow; created: boolean }>;
  readFlows(ids: readonly string[]): Promise<Flow[]>;
  listFlows(): Promise<Flow[]>;
  /** Claims the name for this id, or gives the id that has it. */
  createDeployment(
    deployment: Deployment,
    limit?: Limit,
  ): Promise<{ id: string; created: boolean }>;
  /** 'outrun' where it is not of the generation just before this one, too. */
  overwriteDeployment(deployment: Deployment, limit?: Limit): Promise<Changed>;
  readDeployments(ids: readonly string[]): Promise<Deployment[]>;
  /** By id, each of at least that generation; apart from that, as within the last 2 s will do. */
  readDeploymentsSince(wanted: ReadonlyMap<string, number>): Promise<Deployment[]>;
  readDeploymentId(flowId: string, name: string): Promise<string | undefined>;
  listDeployments(): Promise<Deployment[]>;

  // Runs
  /**
   * Once per id: where the run is there already, it comes back as it is. A write that is to start
   * later than `withinMicros` from now does not start.
   */
  createRun(run: NewRun, withinMicros?: number): Promise<{ run: Run; created: boolean }>;
  /** Consistent. */
  readRun(id: string): Promise<Run | undefined>;
  /** Consistent, in no order; missing ones are left out. */
  readRuns(ids: readonly string[]): Promise<Run[]>;
  /** Under a token, if it is the current claim's; job variables, if the run is SCHEDULED. */
  updateRun(id: string, change: RunChange, token: ClaimToken | undefined): Promise<Updated>;
  /** Lists a waiting run in its deployment's lane, if it is listed where it was seen. */
  moveToLane(entry: ReadyEntry, place: LanePlace): Promise<boolean>;
  /** States that were moved out of the run's item, oldest first; some may come twice. */
  readMovedStates(id: string): Promise<RunState[]>;
  savePayload(runId: string, text: JsonText | string): Promise<Payload>;
  readPayload(runId: string, payload: Payload): Promise<string>;

  /** What waits in a queue or a lane, due by `now`, longest due first. An index read: it proposes only. */
  listReady(window: ReadyWindow): Promise<{ candidates: ReadyEntry[]; next?: string }>;
  /** What the index says a session holds. */
  listClaimed(sessionId: string): Promise<ClaimedEntry[]>;
  /** Runs by hand, of no queue, that have not ended. An index read. */
  listByHand(): Promise<ByHandEntry[]>;
  /** What FAILED or CRASHED on these days. An index read. */
  listFailed(days: readonly string[]): Promise<string[]>;
  /** Ids of runs, newest day first; of one deployment if given. An index read. */
  listRunIds(of: { deploymentId?: string }): Promise<string[]>;

  // The claim, and every other change of a state
  claim(attempt: ClaimAttempt): Promise<Written>;
  /** Won: nothing comes back, the caller knows what it wrote. Lost: the run as it is. */
  transition(transition: Transition, guard: Guard): Promise<Updated>;

  // Limits and slots
  /** Consistent, in this order; a scope that never had a limit has none, of version 0. */
  readLimits(scopes: readonly Scope[]): Promise<Limit[]>;
  /** Consistent: the limit, then all that is held of it. */
  readSlots(scope: Scope): Promise<{ limit: Limit; held: Slot[] }>;
  /** One version after the other: false where it has changed since it was read. */
  writeLimit(limit: Limit): Promise<boolean>;
  /** A slot for a claim that is current and has none of this scope. */
  grantSlot(grant: SlotGrant): Promise<'granted' | 'taken' | 'over'>;
  /** Removes a slot that its holder left behind. */
  freeSlot(scope: Scope, slot: Slot): Promise<void>;

  // Sessions
  /** The name must be free, or be held by `over`. Sent twice, it opens once. */
  openSession(session: Session, over: string | undefined): Promise<Opened>;
  /** undefined: there is no such live session. */
  renewSession(renewal: SessionRenewal): Promise<Session | undefined>;
  /** If it is open, and its lease is the one seen, where one is given. Frees its name. */
  endSession(ending: SessionEnding): Promise<boolean>;
  /** Creates it unless it is there: who has no heartbeats has one session for good. */
  noteSession(session: Session): Promise<void>;
  /** False: there is no such open session. */
  drainSession(poolId: string, sessionId: string, draining: ByHand | null): Promise<boolean>;
  /** Keeps an ended session on record for another while: it still holds runs. */
  keepSession(poolId: string, sessionId: string, until: Instant): Promise<void>;
  /** Consistent: the session that has this worker name. */
  readSessionOfName(poolId: string, workerName: string): Promise<string | undefined>;
  /** Consistent. */
  readSession(poolId: string, sessionId: string): Promise<Session | undefined>;
  /** Consistent, or as within the last 3 s. */
  listSessions(poolId: string, how?: 'fresh' | 'cached'): Promise<Session[]>;
  /** A request of an agent is being served: at most one write per process and 8 s. */
  stampService(poolId: string, kind: ServedKind): Promise<void>;
  readService(poolId: string, kind: ServedKind): Promise<Service | undefined>;
  /** Once per gap in service. */
  grantGrace(poolId: string, kind: ServedKind, gapSince: Instant, until: Instant): Promise<void>;

  // Logs
  writeLogs(runId: string, lines: readonly LogLine[], at: Instant, batchId: string): Promise<void>;
  readLogs(runId: string): Promise<LogLine[]>;

  /** Whether the table answers. */
  ping(): Promise<void>;
}

/** `outrun`: somebody else changed it, or its limit, since it was read. */
export type Changed = 'updated' | 'missing' | 'outrun';

export type Updated = { readonly done: true } | ({ readonly done: false } & Lost);

/**
 * `cached`: as it was within the last 2 s is good enough (a poll, a name for display); `since`: if it
 * was read after that instant.
 */
export type Freshness = 'fresh' | 'cached' | { readonly since: Instant };

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
  /** One of the queue's shards, or the lane of a deployment. */
  readonly of: number | { readonly lane: string };
  readonly now: Instant;
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

/** Service of a pool's agents, which an outage interrupts. */
export interface Service {
  readonly lastAt: Instant;
  /** Nothing is recovered before. */
  readonly graceUntil: Instant;
  /** The gap (the last service before it) that grace was given for. */
  readonly graceFor: Instant;
}

export interface SlotGrant {
  readonly run: Run;
  readonly scope: Scope;
  readonly k: number;
  readonly at: Instant;
}

export interface ClaimedEntry {
  readonly runId: string;
  /** Since when it is claimed, or is to be cancelled. */
  readonly since: Instant;
  readonly attempt: number;
  readonly claimId: string;
  readonly cancelling: boolean;
}

export interface ClaimAttempt {
  readonly runId: string;
  readonly claim: Claim;
  readonly state: RunState;
  readonly takes: readonly SlotChoice[];
  /** How often it has been claimed before, as the index says: looked at where it takes slots. */
  readonly attempts: number;
  readonly now: Instant;
  /** No write of it starts later, not even one sent again. */
  readonly deadline: Instant;
}

/** Won: the run as this write left it. Lost: the run as it is (undefined: there is none). */
export type Written = { readonly won: true; readonly run: Run } | ({ readonly won: false } & Lost);

/** What a lost condition brings. */
interface Lost {
  /** As it is; undefined where there is none, or where it was not the run that lost. */
  readonly run: Run | undefined;
  /** A slot went to another, or the limit has changed: choose anew. */
  readonly slotsChanged?: true;
}

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
      /** It ends the claim: only where that holds no slot. */
      readonly ends: boolean;
    }
  | {
      /** Decided on the run as it was read: its state, what its claim holds. */
      readonly kind: 'decided';
      readonly run: Run;
      /** Recovery: only while this very session holds it. */
      readonly heldBy?: string;
      /** Recovery of what was idle: only if nobody has patched it since. */
      readonly untouched?: true;
      /** No write of it starts later than so many microseconds from now. */
      readonly within?: Instant;
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
