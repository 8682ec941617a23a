import type { Deployment } from '../../model/deployments.ts';
import type { Limit, Slot } from '../../model/limits.ts';
import type { QueuePlace, WorkPool, WorkQueue } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import type { Session } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { WhyCode } from '../../model/values/why-codes.ts';

/** The run that holds a slot of a limit, and since when (RFC 3339). */
interface Holder {
  readonly flow_run_id: string;
  readonly since: string;
}

/** The evidence for a cause: names, ids, numbers, times (RFC 3339) and slot holders. */
type Evidence = Readonly<Record<string, string | number | boolean | null | Holder[]>>;

export interface Cause {
  readonly code: WhyCode;
  /** False: a note that is listed after the causes and does not block the run. */
  readonly blocks: boolean;
  /** One sentence. */
  readonly message: string;
  readonly evidence: Evidence;
  /** What to do about it, with the exact command. */
  readonly todo: string;
}

/** A limit that applies to the run, and its held slots. */
export interface LimitFacts {
  readonly limit: Limit;
  readonly held: readonly Slot[];
  /** The name of its scope in a sentence. */
  readonly label: string;
  /** The command that shows its slots. */
  readonly command: string;
  /** The command that raises the limit. */
  readonly raise: string;
}

/** The facts that the causes are derived from: read once, while the run stayed in one state. */
export interface WhyFacts {
  readonly now: Instant;
  readonly run: Run;
  readonly place: QueuePlace | undefined;
  readonly pool: WorkPool | undefined;
  readonly queue: WorkQueue | undefined;
  readonly deployment: Deployment | undefined;
  /** The sessions of agents and workers of its pool, including ended ones. */
  readonly sessions: readonly Session[];
  /** The session that holds the run; undefined if no session does, or if it is not on record. */
  readonly holder: Session | undefined;
  readonly limits: readonly LimitFacts[];
  /**
   * The number of due runs in queues that are served before its own, counted up to `aheadAtMost`.
   */
  readonly ahead: number;
  /** The number of runs in its own queue or lane that were due before it. */
  readonly earlier: number;
  readonly aheadAtMost: number;
}
