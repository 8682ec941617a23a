import type { Limit, Scope, Slot } from '../../model/limits.ts';
import type { Context } from '../context.ts';

/** A limit, and its held slots with their holders. */
export async function listSlots(
  { store }: Context,
  scope: Scope,
): Promise<{ limit: Limit; held: Slot[] }> {
  return store.readSlots(scope);
}

/** How many slots of a scope are held; null if it has no limit, as in Prefect. */
export async function heldSlots(
  { store }: Context,
  scope: Scope,
  limit: number | null,
): Promise<number | null> {
  if (limit === null) return null;
  return (await store.readSlots(scope)).held.length;
}
