import { type DeletedQueue, placesOf } from '../../model/pools.ts';
import type { Context } from '../context.ts';
import { slotHolders } from '../limits/slot-holders.ts';

/**
 * Deletes the record of a deleted queue once no run waits in it, and no run of it is held that
 * could return to it.
 */
export async function forgetIfEmpty(context: Context, queue: DeletedQueue): Promise<void> {
  const { store } = context;
  const deleted = (await store.listDeletedPools()).some(({ id }) => id === queue.poolId);
  if (deleted || (await isAnythingWaiting(context, queue))) return;
  const held = await slotHolders(context, queue.poolId);
  if (held.some(({ queueId }) => queueId === queue.id)) return;
  // Look again: a run may have been given back in the meantime.
  if (!(await isAnythingWaiting(context, queue))) await store.forgetDeletedQueue(queue.id);
}

async function isAnythingWaiting({ store }: Context, queue: DeletedQueue): Promise<boolean> {
  const window = { queueId: queue.id, now: Number.MAX_SAFE_INTEGER, limit: 1 };
  const pages = await Promise.all(placesOf(queue).map((of) => store.listReady({ ...window, of })));
  return pages.some(({ candidates }) => candidates.length > 0);
}
