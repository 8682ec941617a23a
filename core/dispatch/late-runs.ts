import { placesOf, type QueuePart, type WorkQueue } from '../../model/pools.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { pages } from '../batches.ts';
import type { Context } from '../context.ts';
import { LATE_AFTER } from '../states/lateness.ts';

/**
 * How many runs of a queue are late, that is, were due more than 15 s ago and still wait, according
 * to the index. Counting stops at 20,000.
 */
export async function countLateRuns(context: Context, queue: WorkQueue): Promise<number> {
  const counts = await Promise.all(placesOf(queue).map((of) => countLate(context, queue.id, of)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function countLate({ store, now }: Context, queueId: string, of: QueuePart): Promise<number> {
  const window = { queueId, of, now: now() - LATE_AFTER, limit: NUMBERS.lateReads };
  let count = 0;
  for await (const page of pages((onFrom) => store.listReady({ ...window, ...onFrom }))) {
    count += page.candidates.length;
    if (count >= NUMBERS.filterReads) break;
  }
  return count;
}
