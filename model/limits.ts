import type { Instant } from './values/instant.ts';

/**
 * A concurrency limit that is enforced at the claim. A slot is an item: the transaction that makes
 * the claim takes it with a conditional put, and the transaction that ends the claim deletes it.
 *
 * Slots are numbered k = 0, 1, 2, ... Only a slot k < b may be handed out, where b is the largest
 * number such that
 *
 *     b + held(k >= b) <= limit
 *
 * So when a limit is lowered, no low slot is handed out while too many high ones are still held:
 *
 *     limit 5, held 3 4   lowered to 2:   b = 0, nothing      (0 + 2 <= 2, 1 + 2 > 2)
 *     4 is freed:         held 3          b = 1: slot 0       (1 + 1 <= 2)
 *     3 is freed:         held 0          b = 2: slot 1
 *
 * Why no claim can exceed the limit, however old the data that it has read: under one version of
 * the limit, once held(k >= b) <= limit - b is true for some b, it stays true, because slots at or
 * above the largest b that any claim has found are only ever freed. The transaction checks that the
 * version is still the one that was read, and that slot k is free. At most b slots lie below b, so
 * at most b + limit - b are held after it. This needs no snapshot: a late read can only show fewer
 * of the slots >= b.
 *
 * Every change of the limit changes its version. When a limit is set where there was none, earlier
 * claims hold no slot. Then no run is admitted until those claims have been given their slots
 * (core/limits/settle.ts).
 */
export interface Scope {
  readonly kind: 'pool' | 'queue' | 'deployment';
  readonly id: string;
}

export interface Limit {
  readonly scope: Scope;
  /** null: no limit. The record stays, to keep its version. */
  readonly limit: number | null;
  readonly version: number;
  /**
   * Set while the limit settles: no run is admitted, and from this instant on earlier claims are
   * given their slots.
   */
  readonly settlesAt: Instant | null;
  /** Only of a deployment's limit; others have ENQUEUE. */
  readonly strategy: CollisionStrategy;
}

/** A slot that a run holds: one unit of a limit. */
export interface HeldSlot {
  readonly scope: Scope;
  readonly k: number;
}

/** A slot as stored, with its holder. */
export interface Slot {
  readonly k: number;
  readonly runId: string;
  readonly attempt: number;
  readonly sessionId: string;
  readonly at: Instant;
}

/** A slot to take, with the version of the limit under which it was chosen. */
export interface SlotChoice extends HeldSlot {
  readonly version: number;
}

/** The slots that may be handed out, lowest first. */
export function admissible(limit: number, held: ReadonlySet<number>): number[] {
  const free: number[] = [];
  let least = held.size;
  for (let k = 0; least <= limit; k++) {
    if (held.has(k)) continue;
    least += 1;
    if (least <= limit) free.push(k);
  }
  return free;
}

export const scopeKey = ({ kind, id }: Scope): string => `${kind}#${id}`;

/** The scopes whose limits a run is subject to. */
export function scopesOf(of: {
  readonly poolId?: string | undefined;
  readonly queueId?: string | undefined;
  readonly deploymentId?: string | undefined;
}): Scope[] {
  const { poolId, queueId, deploymentId } = of;
  return [
    ...(poolId ? [{ kind: 'pool' as const, id: poolId }] : []),
    ...(queueId ? [{ kind: 'queue' as const, id: queueId }] : []),
    ...(deploymentId ? [{ kind: 'deployment' as const, id: deploymentId }] : []),
  ];
}

export const COLLISION_STRATEGIES = ['ENQUEUE', 'CANCEL_NEW'] as const;
/** What happens to a run that meets the full limit of its deployment: it waits, or is cancelled. */
export type CollisionStrategy = (typeof COLLISION_STRATEGIES)[number];

/** Concurrency limits and their slots. */
export interface LimitStore {
  /**
   * A consistent read, in the order given. A scope that never had a limit gives null, version 0.
   */
  readLimits(scopes: readonly Scope[]): Promise<Limit[]>;
  /** A consistent read: first the limit, then all of its slots that are held. */
  readSlots(scope: Scope): Promise<{ limit: Limit; held: Slot[] }>;
  /** Writes the next version. False: the limit has changed since it was read. */
  writeLimit(limit: Limit): Promise<boolean>;
  /** Removes a slot whose holder ended without freeing it. */
  freeSlot(scope: Scope, slot: Slot): Promise<void>;
}
