import type { Instant } from '../instant.ts';
import type { Run } from '../run.ts';
import type { Limit, Scope, Slot } from '../slots.ts';

/** Limits and slots. */
export interface LimitStore {
  /** Consistent, in this order; a scope that never had a limit has none, of version 0. */
  readLimits(scopes: readonly Scope[]): Promise<Limit[]>;
  /** Consistent: the limit, then all that is held of it. */
  readSlots(scope: Scope): Promise<{ limit: Limit; held: Slot[] }>;
  /** One version after the other: false where it has changed since it was read. */
  writeLimit(limit: Limit): Promise<boolean>;
  /** A slot for a claim that is current and has none of this scope. */
  grantSlot(grant: SlotGrant): Promise<'granted' | 'taken' | 'over'>;
  /** Removes a slot that its holder left behind. */
  freeSlot(scope: Scope, slot: Slot): Promise<void>;
}

export interface SlotGrant {
  readonly run: Run;
  readonly scope: Scope;
  readonly k: number;
  readonly at: Instant;
}
