import type { WorkQueue } from '../../model/pools.ts';
import type { ReadyWindow } from '../../model/runs/dispatch-store.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { LATE_AFTER } from '../states/lateness.ts';

/**
 * How many runs of a queue are late, that is, were due more than 15 s ago and still wait, according
 * to the index. Counting stops at 20,000.
 */
export async function countLateRuns(context: Context, queue: WorkQueue): Promise<number> {
  const places: ReadyWindow['of'][] = [
    ...Array.from({ length: queue.shards }, (_, shard) => shard),
    ...queue.limited.map((lane) => ({ lane })),
  ];
  const counts = await Promise.all(places.map((of) => countLate(context, queue.id, of)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function countLate(
  { store, now }: Context,
  queueId: string,
  of: ReadyWindow['of'],
): Promise<number> {
  const window = { queueId, of, now: now() - LATE_AFTER, limit: NUMBERS.lateReads };
  let count = 0;
  let after: string | undefined;
  do {
    const page = await store.listReady({ ...window, ...(after === undefined ? {} : { after }) });
    count += page.candidates.length;
    after = page.next;
  } while (after !== undefined && count < NUMBERS.filterReads);
  return count;
}
