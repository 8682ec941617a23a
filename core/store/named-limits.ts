import type { Instant } from '../instant.ts';
import type { NamedLimit, SlotLease } from '../named-limits.ts';

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
