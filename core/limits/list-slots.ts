import type { Limit, Scope, Slot } from '../../model/limits.ts';
import type { Context } from '../context.ts';

/** Who holds what of a limit, by slot. */
export async function listSlots(
  { store }: Context,
  scope: Scope,
): Promise<{ limit: Limit; held: Slot[] }> {
  return store.readSlots(scope);
}

/** How many slots are held; null where there is no limit, as Prefect has it. */
export async function heldSlots(
  { store }: Context,
  scope: Scope,
  limit: number | null,
): Promise<number | null> {
  if (limit === null) return null;
  return (await store.readSlots(scope)).held.length;
}
