import type { Instant } from './values/instant.ts';

/**
 * A concurrency limit with a name, of which flows and tasks take slots themselves
 * (`concurrency("db")`, `rate_limit("api")`, and a task's tags as `tag:<tag>`). The limits of
 * pools, queues and deployments are others: model/limits.ts.
 *
 * | action | writes, all or nothing | condition |
 * |---|---|---|
 * | take slots | each limit's count, and the lease | each limit is as read, and has room |
 * | give them back | deletes the lease; each limit's count | the lease exists, so a repeat does nothing |
 * | renew | the lease's end | the lease has not expired |
 * | sweep an expired lease | as for giving back | the lease was not renewed since |
 *
 * So there are never more slots taken than the limit allows, and a holder that dies loses its slots
 * when its lease expires. There may be more for a while after the limit was lowered, or after its
 * count was set by hand.
 */
export interface NamedLimit {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
  /** false: every caller passes, and nothing is counted. */
  readonly active: boolean;
  /** As of `countedAt`; with a decay, the number falls from then on. */
  readonly activeSlots: number;
  readonly countedAt: Instant;
  /** Kept for Prefect's clients. */
  readonly deniedSlots: number;
  /** For rate limits: this many slots per second become free without being given back. */
  readonly slotDecayPerSecond: number;
  /**
   * In seconds: a running mean, from which a caller that finds the limit full is told when to
   * retry.
   */
  readonly avgSlotOccupancySeconds: number;
  /** Grows by one with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface SlotLease {
  readonly id: string;
  readonly limits: ReadonlyArray<Pick<NamedLimit, 'id' | 'name'>>;
  /** How many slots of each of these limits. */
  readonly slots: number;
  readonly holder: LeaseHolder | null;
  readonly createdAt: Instant;
  readonly until: Instant;
}

export interface LeaseHolder {
  readonly type: 'flow_run' | 'task_run' | 'deployment';
  readonly id: string;
}

/** Concurrency limits with a name, and the leases of their slots. */
export interface NamedLimitStore {
  /** One per name. */
  createNamedLimit(limit: NamedLimit): Promise<'created' | 'exists'>;
  /** A consistent read, in the order of the names; names without a limit are left out. */
  readNamedLimits(names: readonly string[]): Promise<NamedLimit[]>;
  readNamedLimitName(id: string): Promise<string | undefined>;
  /** An index read. */
  listNamedLimitNames(): Promise<string[]>;
  /** 'outrun': the limit `formerName` is gone, or not of the generation just before this one. */
  updateNamedLimit(limit: NamedLimit, formerName: string): Promise<'updated' | 'outrun' | 'exists'>;
  deleteNamedLimit(limit: NamedLimit): Promise<'deleted' | 'missing'>;
  /** Writes all of these limits and the lease, or nothing. False: one of the limits has changed. */
  takeSlots(after: readonly NamedLimit[], lease: SlotLease | undefined): Promise<boolean>;
  giveSlotsBack(after: readonly NamedLimit[]): Promise<boolean>;
  readSlotLease(id: string): Promise<SlotLease | undefined>;
  /** Writes the limits with it. 'gone': the lease was already ended or renewed. */
  endSlotLease(
    lease: SlotLease,
    after: readonly NamedLimit[],
  ): Promise<'ended' | 'gone' | 'outrun'>;
  /** False: the lease does not exist, or had expired by `now`. */
  renewSlotLease(id: string, now: Instant, until: Instant): Promise<boolean>;
  /** The ids of leases that name a holder. A consistent read. */
  listLeaseIds(limitId: string): Promise<string[]>;
  /** Some of the leases that have expired, earliest first. An index read. */
  listLapsedLeases(now: Instant): Promise<string[]>;
}
