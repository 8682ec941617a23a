import { type DeletedQueue, placesOf } from '../../model/pools.ts';
import type { Context } from '../context.ts';
import { slotHolders } from '../limits/slot-holders.ts';

/** Takes a deleted queue off the record once no run waits in it, and none is held that could again. */
export async function forgetIfEmpty(context: Context, queue: DeletedQueue): Promise<void> {
  const { store } = context;
  const deleted = (await store.listDeletedPools()).some(({ id }) => id === queue.poolId);
  if (deleted || (await isAnythingWaiting(context, queue))) return;
  const held = await slotHolders(context, queue.poolId);
  if (held.some(({ queueId }) => queueId === queue.id)) return;
  // What was given back meanwhile is seen now.
  if (!(await isAnythingWaiting(context, queue))) await store.forgetDeletedQueue(queue.id);
}

async function isAnythingWaiting({ store }: Context, queue: DeletedQueue): Promise<boolean> {
  const window = { queueId: queue.id, now: Number.MAX_SAFE_INTEGER, limit: 1 };
  const pages = await Promise.all(placesOf(queue).map((of) => store.listReady({ ...window, of })));
  return pages.some(({ candidates }) => candidates.length > 0);
}
