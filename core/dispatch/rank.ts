import { type Instant, SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import type { Kept } from '../memory.ts';

/** How long a deal of runs among the workers of a pool lasts. */
const DEAL_LASTS = 10 * SECOND;
/** How long a run that one worker was shown is left to it, where there are others. */
const LEFT_FOR = 15 * SECOND;

/** One of `of` pollers that are shown the same queue; 0 is the first. */
export interface Rank {
  /** The session of the poller; none: it is nobody in particular. */
  readonly sessionId?: string;
  readonly mine: number;
  readonly of: number;
}

/** Alone, as far as is known: nothing is dealt out. */
export const ALONE: Rank = { mine: 0, of: 1 };

/**
 * In what order a poller is shown the runs of a queue, each group in the order it came in:
 *
 *   1  what falls to it, by a hash of the run and the time
 *   2  what falls to others
 *   3  what another one was shown by this process just now, and is likely working through
 *
 * N pollers that all began with the head of a queue would each lose most of their claims. The deal
 * changes every 10 s, so that a busy poller's share does not wait for it; nothing is hidden, and
 * correctness never rests on it.
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

/** Before anything is awaited: a poll at the same time must not show the same. */
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
  /** The session it was shown to. */
  readonly to: string | undefined;
  readonly at: Instant;
}

/** To whom polls of this process showed waiting runs last. */
const SHOWN: Kept<Map<string, Shown>> = { begin: () => new Map() };

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  // Its low bits alone would follow the last characters: mix the high ones in.
  return (value ^ (value >>> 15)) >>> 0;
}
