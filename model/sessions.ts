import { v5 } from 'uuid';
import type { ByHand } from './values/by-hand.ts';
import type { Instant, Micros } from './values/instant.ts';
import { NUMBERS } from './values/numbers.ts';

const NAMESPACE = '5f0e6ea2-6f0b-5d57-8f0f-7b5d3c1f4d11';
/** Takes the place of a pool's id for callers that run flows without a pool. */
export const NO_POOL = v5('no pool', NAMESPACE);

/**
 * The session of a caller that sends no heartbeats, which can neither be opened nor expire. Its id
 * always follows from the caller's name and the run's pool. Callers without a name share one per
 * pool.
 */
export const rawSessionOf = (poolId: string | undefined, workerName: string | undefined): string =>
  v5(workerName ? `worker ${workerName}` : 'raw', poolId ?? NO_POOL);

/** That session as a record, so that a sweep finds the runs that it holds. */
export const rawSession = (
  poolId: string,
  workerName: string | undefined,
  at: Instant,
): Session => ({
  id: rawSessionOf(poolId, workerName),
  poolId,
  kind: 'raw',
  workerName: workerName ?? '',
  host: null,
  capacity: 0,
  running: 0,
  openedAt: at,
  lastHeartbeatAt: at,
  leaseExpiresAt: null,
  endedAt: null,
  draining: null,
});

/**
 * - `agent`   one life of one process that sends heartbeats and proves its claims by their tokens
 * - `worker`  one life of a Prefect worker, as its heartbeats show it
 * - `raw`     callers that send no heartbeats, with or without a name: the server cannot see
 *             whether they are alive
 */
type SessionKind = 'agent' | 'worker' | 'raw';

export interface Session {
  readonly id: string;
  readonly poolId: string;
  readonly kind: SessionKind;
  /** '' for callers without a name. */
  readonly workerName: string;
  readonly host: string | null;
  readonly capacity: number;
  readonly running: number;
  readonly openedAt: Instant;
  readonly lastHeartbeatAt: Instant;
  /** null: the session has no lease, so it never expires. */
  readonly leaseExpiresAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Set if an operator wants the session to claim no more runs. */
  readonly draining: ByHand | null;
  /**
   * The session has ended but still holds runs, by its pool's policy: see core/recovery/recover.ts.
   */
  readonly holds?: boolean;
  /** An operator deleted the session. It is swept like any other that has ended, but not listed. */
  readonly deleted?: boolean;
}

/**
 * Agents and Prefect's workers have leases of different lengths, so gaps in service are counted
 * apart.
 */
export type ServedKind = 'agent' | 'worker';

/**
 * How long a gap in service must be to count as an outage, and the grace after it. `gap` is shorter
 * than a lease, because a session that was renewed just before the outage may expire within it: a
 * session that renews every third of its lease has two thirds left when an outage begins. `grace`
 * is one lease.
 */
export const GRACE_BY_KIND: Readonly<Record<ServedKind, { gap: Micros; grace: Micros }>> = {
  agent: { gap: (NUMBERS.lease * 2) / 3, grace: NUMBERS.lease },
  worker: {
    gap: (NUMBERS.workerBeat * NUMBERS.workerBeatsMissed * 2) / 3,
    grace: NUMBERS.workerBeat * NUMBERS.workerBeatsMissed,
  },
};

export const isLapsed = ({ endedAt, leaseExpiresAt }: Session, at: Instant): boolean =>
  endedAt === null && leaseExpiresAt !== null && leaseExpiresAt < at;

/** Callers without heartbeats have a session too, so that a sweep finds their claims. */
export const isWorker = ({ kind }: Session): boolean => kind !== 'raw';

export const isListed = (session: Session): boolean => isWorker(session) && !session.deleted;

/** Sessions, and when requests of their kind were last served. */
export interface SessionStore {
  /**
   * The worker name must be free, or held by the session `over`. Sent twice, it opens one session.
   */
  openSession(session: Session, over: string | undefined): Promise<Opened>;
  /** undefined: there is no such open session. */
  renewSession(renewal: SessionRenewal): Promise<Session | undefined>;
  /**
   * Only if it is open and, where a lease is given, its lease is that one. Frees its worker name.
   */
  endSession(ending: SessionEnding): Promise<boolean>;
  /** Ends the session if it is open, frees its worker name, and takes it off the lists. */
  deleteSession(poolId: string, sessionId: string, at: Instant): Promise<void>;
  /** Creates the session unless it exists: a caller without heartbeats has one session for good. */
  noteSession(session: Session): Promise<void>;
  /** False: there is no such open session. */
  drainSession(poolId: string, sessionId: string, draining: ByHand | null): Promise<boolean>;
  /** Keeps an ended session on record for longer, because it still holds runs. */
  keepSession(poolId: string, sessionId: string, until: Instant): Promise<void>;
  /** A consistent read: the session that has this worker name. */
  readSessionOfName(poolId: string, workerName: string): Promise<string | undefined>;
  /** A consistent read. */
  readSession(poolId: string, sessionId: string): Promise<Session | undefined>;
  /** A consistent read, or the list as read in the last 3 s. */
  listSessions(poolId: string, how?: 'fresh' | 'cached'): Promise<Session[]>;
  /**
   * Notes that a request of an agent or worker was served: at most one write per process and 8 s.
   */
  stampService(poolId: string, kind: ServedKind): Promise<void>;
  readService(poolId: string, kind: ServedKind): Promise<Service | undefined>;
  /** Grants the grace, once per gap in service. */
  grantGrace(grace: Grace): Promise<void>;
}

/** Time for sessions that could not renew their lease while no request was served. */
export interface Grace {
  readonly poolId: string;
  readonly kind: ServedKind;
  readonly gapSince: Instant;
  readonly until: Instant;
}

/** When requests of a pool's agents or workers were served. An outage leaves a gap. */
export interface Service {
  readonly lastAt: Instant;
  /** No claim is recovered before this. */
  readonly graceUntil: Instant;
  /** The gap that the grace was granted for, named by the last service before it. */
  readonly graceFor: Instant;
}

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
