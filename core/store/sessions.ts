import type { Instant } from '../instant.ts';
import type { ByHand, Session } from '../records.ts';
import type { ServedKind } from '../service.ts';

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
