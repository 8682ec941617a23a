import type { Instant } from './values/instant.ts';

/**
 * Limits that hold at the claim. A slot is an item: to take it is a conditional put in the claim's own
 * transaction, to free it a delete in the transaction that ends the claim.
 *
 * Which numbers may be handed out: only k < b, with b the largest number such that
 *
 *     b + held(k >= b) <= limit
 *
 * so that a lowered limit is not exceeded by handing out low numbers while high ones are still held:
 *
 *     limit 5, held 3 4   lowered to 2:   b = 0, nothing      (0 + 2 <= 2, 1 + 2 > 2)
 *     4 is freed:         held 3          b = 1: slot 0       (1 + 1 <= 2)
 *     3 is freed:         held 0          b = 2: slot 1
 *
 * Why no claim can exceed the limit, however old what it has read: under one version of the limit,
 * once held(k >= b) <= limit - b is true for some b it stays true, for slots at or above the largest
 * b that anybody has found are only ever freed. The transaction checks that the version is the one
 * that was read, and that slot k is free; at most b slots lie below b; so at most b + limit - b are
 * held after it. This needs no snapshot: what is read late can only show fewer of the slots >= b.
 *
 * A version changes with every change of the limit. Where a limit is set and there was none, claims
 * of before hold no slot: then nothing is admitted until they have got theirs (settle.ts).
 */
export interface Scope {
  readonly kind: 'pool' | 'queue' | 'deployment';
  readonly id: string;
}

export interface Limit {
  readonly scope: Scope;
  /** null: none. The record stays, for its version. */
  readonly limit: number | null;
  readonly version: number;
  /** Nothing is admitted: claims of before get their slots, from this instant on. */
  readonly settlesAt: Instant | null;
  /** Of a deployment. */
  readonly strategy: CollisionStrategy;
}

/** One unit of a limit that a run holds. */
export interface HeldSlot {
  readonly scope: Scope;
  readonly k: number;
}

/** A slot as its item says who has it. */
export interface Slot {
  readonly k: number;
  readonly runId: string;
  readonly attempt: number;
  readonly sessionId: string;
  readonly at: Instant;
}

/** A slot to take, under the version of the limit that it was chosen by. */
export interface SlotChoice extends HeldSlot {
  readonly version: number;
}

/** Which slots may be handed out, lowest first. */
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
/** What becomes of a run that meets the full limit of its deployment: it waits, or is cancelled. */
export type CollisionStrategy = (typeof COLLISION_STRATEGIES)[number];

/** Limits and slots. */
export interface LimitStore {
  /** Consistent, in this order; a scope that never had a limit has none, of version 0. */
  readLimits(scopes: readonly Scope[]): Promise<Limit[]>;
  /** Consistent: the limit, then all that is held of it. */
  readSlots(scope: Scope): Promise<{ limit: Limit; held: Slot[] }>;
  /** One version after the other: false where it has changed since it was read. */
  writeLimit(limit: Limit): Promise<boolean>;
  /** Removes a slot that its holder left behind. */
  freeSlot(scope: Scope, slot: Slot): Promise<void>;
}
