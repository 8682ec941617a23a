import type { Context } from './context.ts';
import { LIMITS } from './limits.ts';
import type { WorkQueue } from './records.ts';

/**
 * Which waiting runs of a queue to try, and in which order. This only spreads the load: that each
 * run goes to one session rests on the condition of the claim write alone (store/claim.ts).
 *
 * Windows of the longest waiting, each in random order: N agents that all took the head would lose
 * most of their writes to each other. The next window lies behind the one before, and is larger.
 */
export async function* candidateWindows(
  { store, now, random }: Context,
  queue: WorkQueue,
  wanted: number,
): AsyncGenerator<{ untried: string[]; last: boolean }> {
  const at = now();
  let limit = Math.max(LIMITS.candidatesAtLeast, wanted * LIMITS.candidatesPerRun);
  let open: { shard: number; after?: string }[] = Array.from(
    { length: queue.shards },
    (_, shard) => ({ shard }),
  );
  for (let windows = 0; windows < LIMITS.windowsPerQueue && open.length > 0; windows++) {
    const pages = await Promise.all(
      open.map(async ({ shard, after }) => ({
        shard,
        ...(await store.listReady({
          queueId: queue.id,
          shard,
          now: at,
          limit,
          ...(after === undefined ? {} : { after }),
        })),
      })),
    );
    open = pages.flatMap(({ shard, next }) => (next === undefined ? [] : { shard, after: next }));
    const untried = shuffle(
      pages.flatMap((page) => page.candidates),
      random,
    );
    yield { untried, last: open.length === 0 };
    limit = Math.min(limit * LIMITS.windowGrowth, LIMITS.candidatesAtMost);
  }
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
