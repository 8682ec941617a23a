import type { DeletedQueue } from '../../model/pools.ts';
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
  const { id: queueId, shards, limited } = queue;
  const places = [
    ...Array.from({ length: shards }, (_, shard) => shard),
    ...limited.map((lane) => ({ lane })),
  ];
  const pages = await Promise.all(
    places.map((of) => store.listReady({ queueId, of, now: Number.MAX_SAFE_INTEGER, limit: 1 })),
  );
  return pages.some(({ candidates }) => candidates.length > 0);
}
