import type { NamedLimit } from '../../model/named-limits.ts';
import { type Instant, SECOND } from '../../model/values/instant.ts';

export const TAG_PREFIX = 'tag:';
export const tagOf = ({ name }: Pick<NamedLimit, 'name'>): string | undefined =>
  name.startsWith(TAG_PREFIX) ? name.slice(TAG_PREFIX.length) : undefined;

/** How many slots are taken now, after the decay since they were last counted. */
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

/** The limit after slots were taken without a lease while it was not active. */
export const withUncounted = (limit: NamedLimit, slots: number): NamedLimit => ({
  ...limit,
  uncountedSlots: limit.uncountedSlots + slots,
  generation: limit.generation + 1,
});

/**
 * The limit after slots were given back that were taken without a lease. Those that were taken
 * while it was not active are not in the count.
 */
export function withReturned(
  limit: NamedLimit,
  slots: number,
  now: Instant,
  occupied: number | undefined,
): NamedLimit {
  const uncounted = Math.min(slots, limit.uncountedSlots);
  const after = { ...limit, uncountedSlots: limit.uncountedSlots - uncounted };
  if (uncounted === slots) return { ...after, generation: limit.generation + 1 };
  return withGivenBack(after, slots - uncounted, now, occupied);
}

/**
 * The limit after slots were given back. The mean occupancy is Prefect's, over 2 samples per slot.
 */
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
/** Prefect's upper bound for the wait, in seconds. */
const LONGEST_WAIT = 30;

/**
 * Seconds after which a caller should retry. Randomized, because many callers retry at the same
 * time.
 */
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
