import type { Instant } from './values/instant.ts';

/**
 * A concurrency limit by name, which flows and tasks take slots of by themselves (`concurrency("db")`,
 * `rate_limit("api")`, tags of tasks as `tag:<tag>`). Those of pools, queues and deployments are others:
 * slots.ts.
 *
 * | who | writes, all or nothing | on condition that |
 * |---|---|---|
 * | takes slots | each limit's count, and the lease | each limit is as read, and has room |
 * | gives them back | the lease away, each limit's count | the lease is there: so it is once, whoever comes twice |
 * | renews | the lease's end | it has not lapsed |
 * | sweeps a lapsed lease | as who gives back | it was not renewed since |
 *
 * So there are never more slots out than the limit has, and none is lost with its holder for longer than
 * its lease. Where the limit was lowered, or its count was set by hand, there may be more for a while.
 */
export interface NamedLimit {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
  /** Not active: everybody passes, and nothing is counted. */
  readonly active: boolean;
  /** As of `countedAt`; with a decay it falls from there on. */
  readonly activeSlots: number;
  readonly countedAt: Instant;
  /** Kept for Prefect's clients. */
  readonly deniedSlots: number;
  /** For rate limits: so many slots come back by themselves. */
  readonly slotDecayPerSecond: number;
  /** Seconds: a running mean, by which who finds it full is told when to ask again. */
  readonly avgSlotOccupancySeconds: number;
  /** Grows with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface SlotLease {
  readonly id: string;
  readonly limits: ReadonlyArray<Pick<NamedLimit, 'id' | 'name'>>;
  /** Of each of these limits. */
  readonly slots: number;
  readonly holder: LeaseHolder | null;
  readonly createdAt: Instant;
  readonly until: Instant;
}

export interface LeaseHolder {
  readonly type: 'flow_run' | 'task_run' | 'deployment';
  readonly id: string;
}

/** Concurrency limits by name, and the leases of their slots. */
export interface NamedLimitStore {
  /** Once per name. */
  createNamedLimit(limit: NamedLimit): Promise<'created' | 'exists'>;
  /** Consistent, in the order of the names; those without one are left out. */
  readNamedLimits(names: readonly string[]): Promise<NamedLimit[]>;
  readNamedLimitName(id: string): Promise<string | undefined>;
  /** An index read. */
  listNamedLimitNames(): Promise<string[]>;
  /** 'outrun' where `formerName` is not of the generation just before this one, or gone. */
  updateNamedLimit(limit: NamedLimit, formerName: string): Promise<'updated' | 'outrun' | 'exists'>;
  deleteNamedLimit(limit: NamedLimit): Promise<'deleted' | 'missing'>;
  /** All of these limits and the lease, or nothing: false where one of them has changed. */
  takeSlots(after: readonly NamedLimit[], lease: SlotLease | undefined): Promise<boolean>;
  giveSlotsBack(after: readonly NamedLimit[]): Promise<boolean>;
  readSlotLease(id: string): Promise<SlotLease | undefined>;
  /** With the limits as they are then. 'gone': somebody ended or renewed it. */
  endSlotLease(
    lease: SlotLease,
    after: readonly NamedLimit[],
  ): Promise<'ended' | 'gone' | 'outrun'>;
  /** False: it is gone, or lapsed by `now`. */
  renewSlotLease(id: string, now: Instant, until: Instant): Promise<boolean>;
  /** Ids of leases that name their holder. Consistent. */
  listLeaseIds(limitId: string): Promise<string[]>;
  /** Some of those that lapsed, the earliest first. An index read. */
  listLapsedLeases(now: Instant): Promise<string[]>;
}
