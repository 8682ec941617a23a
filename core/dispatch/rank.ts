import { type Instant, SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { Kept } from '../memory.ts';

/** How long the division of runs among the workers of a pool stays the same. */
const DEAL_LASTS = 10 * SECOND;
/** How long a run that one worker saw comes last for the other workers. */
const LEFT_FOR = 15 * SECOND;

/** The place of a poller, `mine`, among `of` pollers of the same queue; 0 is the first. */
export interface Rank {
  /** The session of the poller; absent if it has none. */
  readonly sessionId?: string;
  readonly mine: number;
  readonly of: number;
}

/** The only poller, as far as is known: the queue is not divided. */
export const ALONE: Rank = { mine: 0, of: 1 };

/**
 * The order in which a poller sees the runs of a queue. Within a group the given order is kept:
 *
 *   1  the poller's own share, by a hash of the run id and the time
 *   2  the shares of the other pollers
 *   3  runs that this process has just shown to another poller, which is probably trying them
 *
 * N pollers that all started at the head of a queue would each lose most of their claims. The
 * division changes every 10 s, so that the share of a busy poller does not have to wait for it. No
 * run is hidden, and correctness never depends on this order.
 */
export function inRank<Item extends { readonly runId: string }>(
  items: readonly Item[],
  { sessionId, mine, of }: Rank,
  { memory, now }: Pick<Context, 'memory' | 'now'>,
): Item[] {
  if (of <= 1) return [...items];
  const shown = memory.of(SHOWN);
  const at = now();
  const deal = Math.floor(at / DEAL_LASTS);
  const groups: Item[][] = [[], [], []];
  for (const item of items) {
    const last = shown.get(item.runId);
    const isLeft = last && last.to !== sessionId && at - last.at < LEFT_FOR;
    const isOwn = hash(`${item.runId} ${deal}`) % of === mine;
    groups[isLeft ? 2 : isOwn ? 0 : 1]?.push(item);
  }
  return groups.flat();
}

/**
 * Notes which runs a poller was shown. This must happen before the next `await`, so that a
 * concurrent poll does not show the same runs first.
 */
export function noteShown(
  items: ReadonlyArray<{ readonly runId: string }>,
  { sessionId: to, of }: Rank,
  { memory, now }: Pick<Context, 'memory' | 'now'>,
): void {
  if (of <= 1) return;
  const shown = memory.of(SHOWN);
  if (shown.size >= NUMBERS.runsKnown) shown.clear();
  for (const { runId } of items) shown.set(runId, { to, at: now() });
}

interface Shown {
  /** The session that was shown the run. */
  readonly to: string | undefined;
  readonly at: Instant;
}

/** By run id: the session to which polls of this process last showed the waiting run. */
const SHOWN: Kept<Map<string, Shown>> = { begin: () => new Map() };

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  // The low bits alone would depend mostly on the last characters, so mix the high bits in.
  return (value ^ (value >>> 15)) >>> 0;
}
