import type { Context } from './context.ts';
import { LIMITS } from './limits.ts';
import type { WorkQueue } from './records.ts';
import type { Candidate } from './store.ts';

/**
 * Which waiting runs of a queue to try, and in which order. This only spreads the load: that each
 * run goes to one session rests on the condition of the claim write alone (store/claim.ts).
 *
 * A random pick within a window of the longest waiting: N agents that all took the head would lose
 * most of their writes to each other.
 */
export async function candidates(
  { store, now, random }: Context,
  queue: WorkQueue,
  wanted: number,
): Promise<{ picked: Candidate[]; windowFull: boolean }> {
  const limit = Math.min(LIMITS.candidatesAtMost, wanted * LIMITS.candidatesPerRun);
  const shards = Array.from({ length: queue.shards }, (_, shard) => shard);
  const pages = await Promise.all(
    shards.map((shard) => store.listReady({ queueId: queue.id, shard, now: now(), limit })),
  );
  return {
    picked: shuffle(pages.flat(), random),
    windowFull: pages.some((page) => page.length === limit),
  };
}

/** Fisher and Yates. */
function shuffle<Item>(items: Item[], random: () => number): Item[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [items[i] as Item, items[j] as Item];
    items[i] = b;
    items[j] = a;
  }
  return items;
}
