import type { Deployment } from '../../model/deployments.ts';
import type { Limit, Slot } from '../../model/limits.ts';
import type { QueuePlace, WorkPool, WorkQueue } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import type { Session } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { WhyCode } from '../../model/values/why-codes.ts';

/** Who holds a unit of a limit, and since when (RFC 3339). */
interface Holder {
  readonly flow_run_id: string;
  readonly since: string;
}

/** Evidence of a cause: names, ids, numbers, times (RFC 3339), and who holds what. */
type Evidence = Readonly<Record<string, string | number | boolean | null | Holder[]>>;

export interface Cause {
  readonly code: WhyCode;
  /** False: told beside the others, and holds nothing up. */
  readonly blocks: boolean;
  /** One sentence. */
  readonly message: string;
  readonly evidence: Evidence;
  /** What to do, down to the command. */
  readonly todo: string;
}

/** A limit that the run is subject to, and what is held of it. */
export interface LimitFacts {
  readonly limit: Limit;
  readonly held: readonly Slot[];
  /** How a person names its scope, and the command that shows its slots. */
  readonly label: string;
  readonly command: string;
  /** What raises the limit. */
  readonly raise: string;
}

/** All that the causes are decided by: gathered once, while the run stayed in one state. */
export interface WhyFacts {
  readonly now: Instant;
  readonly run: Run;
  readonly place: QueuePlace | undefined;
  readonly pool: WorkPool | undefined;
  readonly queue: WorkQueue | undefined;
  readonly deployment: Deployment | undefined;
  /** Agents and workers of its pool, ended ones, too. */
  readonly sessions: readonly Session[];
  /** Of its claim; undefined: it has none, or none is on record. */
  readonly holder: Session | undefined;
  readonly limits: readonly LimitFacts[];
  /** Due runs in queues that are served before its own; at most `aheadAtMost` are counted. */
  readonly ahead: number;
  /** Runs that were due before it in its own queue, or lane. */
  readonly earlier: number;
  readonly aheadAtMost: number;
}
