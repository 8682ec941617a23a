import type { Instant } from './instant.ts';
import { SECOND } from './instant.ts';

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

export const TAG_PREFIX = 'tag:';
export const tagOf = ({ name }: Pick<NamedLimit, 'name'>): string | undefined =>
  name.startsWith(TAG_PREFIX) ? name.slice(TAG_PREFIX.length) : undefined;

/** How many are out by now. */
export function activeSlots(limit: NamedLimit, now: Instant): number {
  const seconds = Math.max(0, now - limit.countedAt) / SECOND;
  return Math.max(0, limit.activeSlots - limit.slotDecayPerSecond * seconds);
}

export const hasRoom = (limit: NamedLimit, slots: number, now: Instant): boolean =>
  activeSlots(limit, now) + slots <= limit.limit;

export const withTaken = (limit: NamedLimit, slots: number, now: Instant): NamedLimit => ({
  ...limit,
  activeSlots: activeSlots(limit, now) + slots,
  countedAt: now,
  generation: limit.generation + 1,
});

/** Prefect's mean, over twice as many samples as the limit has slots. */
export function withGivenBack(
  limit: NamedLimit,
  slots: number,
  now: Instant,
  occupied: number | undefined,
): NamedLimit {
  const mean = limit.avgSlotOccupancySeconds;
  const perSlot = occupied && Math.max(occupied / slots, LEAST_OCCUPANCY);
  const samples = Math.max(1, limit.limit * 2);
  return {
    ...limit,
    activeSlots: Math.max(0, activeSlots(limit, now) - slots),
    countedAt: now,
    avgSlotOccupancySeconds: perSlot ? mean + (perSlot - mean) / samples : mean,
    generation: limit.generation + 1,
  };
}

const LEAST_OCCUPANCY = 0.1;
/** Prefect's bound: nobody is sent away for longer. */
const LONGEST_WAIT = 30;

/** Seconds after which it is worth asking again; spread, for many ask at once. */
export function retryAfter(
  limits: readonly NamedLimit[],
  slots: number,
  now: Instant,
  random: () => number,
): number {
  const waits = limits.map((limit) => {
    const missing = activeSlots(limit, now) + slots - limit.limit;
    if (missing <= 0) return 0;
    if (limit.slotDecayPerSecond > 0) return missing / limit.slotDecayPerSecond;
    return Math.min(limit.avgSlotOccupancySeconds / Math.max(1, limit.limit), LONGEST_WAIT);
  });
  return Math.max(...waits, LEAST_OCCUPANCY) * (0.7 + 0.6 * random());
}
