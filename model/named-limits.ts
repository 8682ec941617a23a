import type { Instant } from './values/instant.ts';

/**
 * A concurrency limit with a name, of which flows and tasks take slots themselves
 * (`concurrency("db")`, `rate_limit("api")`, and a task's tags as `tag:<tag>`). The limits of
 * pools, queues and deployments are others: model/limits.ts.
 *
 * | action | writes, all or nothing | condition |
 * |---|---|---|
 * | take slots | each limit's count, and the lease | each limit is as read, and has room |
 * | give a lease back | deletes the lease; each limit's count | the lease exists, however often it was renewed |
 * | renew | the lease's end | the lease exists and has not expired |
 * | sweep an expired lease | as for giving back | the lease was not renewed since it was read |
 * | give slots back | each limit's count | each limit is as read |
 * | change, rename, delete a limit | the limit | it is as read |
 *
 * "As read" is the limit's id and generation, so neither a change nor a limit that was made anew
 * under the name passes for it. An action whose condition fails is decided again on what is there
 * now. It counts as done only if what it wanted is there: the lease is gone, the limit is deleted.
 *
 * What holds after any two of these actions at once, each sent once or twice
 * (test/named-limits/lease-races.test.ts tries all pairs):
 *
 * 1. A limit's count is the number of slots that are held: of its leases, and of what was taken
 *    without a lease and not given back.
 * 2. A lease whose giving back was answered is gone, and its slots were given back once.
 * 3. A renewal that was answered with success came before the end of the lease. A sweep does not
 *    end a lease that was renewed in time.
 * 4. The count is never above the limit, except after the limit was lowered, or its count was set
 *    by hand.
 *
 * A holder that dies loses its slots when its lease expires.
 */
export interface NamedLimit {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
  /** false: every caller passes, and what it takes is not counted. */
  readonly active: boolean;
  /** As of `countedAt`; with a decay, the number falls from then on. */
  readonly activeSlots: number;
  readonly countedAt: Instant;
  /**
   * Slots that were taken without a lease while the limit was not active, so they were not counted.
   * What is given back without a lease is taken from these first. Otherwise the count would fall
   * for slots that it does not contain.
   */
  readonly uncountedSlots: number;
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
  /** 'outrun': the limit is not there under `formerName`, or not of the generation before this. */
  updateNamedLimit(limit: NamedLimit, formerName: string): Promise<'updated' | 'outrun' | 'exists'>;
  /** 'outrun': the limit is not there under this name. It was deleted or renamed. */
  deleteNamedLimit(limit: NamedLimit): Promise<'deleted' | 'outrun'>;
  /**
   * Writes all of these limits and leases, or nothing. False: one of the limits has changed, or one
   * of the leases exists.
   */
  takeSlots(after: readonly NamedLimit[], leases: readonly SlotLease[]): Promise<boolean>;
  giveSlotsBack(after: readonly NamedLimit[]): Promise<boolean>;
  readSlotLease(id: string): Promise<SlotLease | undefined>;
  /**
   * Writes the limits with it. 'over': the lease does not exist, or, if only the `unrenewed` one
   * is meant, it was renewed since it was read. 'outrun': one of the limits has changed.
   */
  endSlotLease(
    lease: SlotLease,
    after: readonly NamedLimit[],
    which: 'any' | 'unrenewed',
  ): Promise<'ended' | 'over' | 'outrun'>;
  /** False: the lease does not exist, or had expired by `now`. */
  renewSlotLease(id: string, now: Instant, until: Instant): Promise<boolean>;
  /** The ids of leases that name a holder. A consistent read. */
  listLeaseIds(limitId: string): Promise<string[]>;
  /** Some of the leases that have expired, earliest first. An index read. */
  listLapsedLeases(now: Instant): Promise<string[]>;
}
