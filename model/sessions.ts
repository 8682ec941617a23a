import { v5 } from 'uuid';
import type { ByHand } from './values/by-hand.ts';
import type { Instant, Micros } from './values/instant.ts';
import { NUMBERS } from './values/numbers.ts';

const NAMESPACE = '5f0e6ea2-6f0b-5d57-8f0f-7b5d3c1f4d11';
/** Whoever runs flows that wait in no pool. */
export const NO_POOL = v5('no pool', NAMESPACE);

/**
 * Who has no heartbeats has no session that could open or lapse: a name and the run's pool make one
 * for good, and callers without a name share one per pool.
 */
export const rawSessionOf = (poolId: string | undefined, workerName: string | undefined): string =>
  v5(workerName ? `worker ${workerName}` : 'raw', poolId ?? NO_POOL);

/** That session on record, so that a sweep finds what it holds. */
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
 * - `agent`   one life of one process that heartbeats and names its claims by their tokens
 * - `worker`  one life of a Prefect worker, as its heartbeats show it
 * - `raw`     callers whose life nobody sees: without a name, or under a name without heartbeats
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
  /** null: it has no lease, so it never lapses. */
  readonly leaseExpiresAt: Instant | null;
  readonly endedAt: Instant | null;
  /** An operator wants it to claim nothing more. */
  readonly draining: ByHand | null;
  /** It has ended, and was left what it holds: see recover.ts. */
  readonly holds?: boolean;
  /** An operator deleted it: it is swept like any other that has ended, and not listed. */
  readonly deleted?: boolean;
}

/** Agents and Prefect's workers have leases of different lengths, and gaps in service of their own. */
export type ServedKind = 'agent' | 'worker';

/**
 * `gap`: who was renewed just before it may lapse within it. So it is shorter than a lease: a session
 * that renews every third of its lease has two thirds left when an outage begins. `grace`: a lease.
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

/** Callers without heartbeats have a session, too, so that a sweep finds their claims. */
export const isWorker = ({ kind }: Session): boolean => kind !== 'raw';

export const isListed = (session: Session): boolean => isWorker(session) && !session.deleted;

/** Sessions, and the service they get. */
export interface SessionStore {
  /** The name must be free, or be held by `over`. Sent twice, it opens once. */
  openSession(session: Session, over: string | undefined): Promise<Opened>;
  /** undefined: there is no such live session. */
  renewSession(renewal: SessionRenewal): Promise<Session | undefined>;
  /** If it is open, and its lease is the one seen, where one is given. Frees its name. */
  endSession(ending: SessionEnding): Promise<boolean>;
  /** Ends it unless it has ended, frees its name, and takes it off the lists. */
  deleteSession(poolId: string, sessionId: string, at: Instant): Promise<void>;
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
}

/** Service of a pool's agents, which an outage interrupts. */
export interface Service {
  readonly lastAt: Instant;
  /** Nothing is recovered before. */
  readonly graceUntil: Instant;
  /** The gap (the last service before it) that grace was given for. */
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
