import { type Instant, SECOND } from './instant.ts';

/** How long a deal of runs among the workers of a pool lasts. */
const DEAL_LASTS = 10 * SECOND;

/** One of `of` pollers that are shown the same queue; 0 is the first. */
export interface Rank {
  readonly mine: number;
  readonly of: number;
}

/** Alone, as far as is known: nothing is dealt out. */
export const ALONE: Rank = { mine: 0, of: 1 };

/**
 * Puts first what falls to this poller, in the order it came in, and behind it what falls to others:
 * N pollers that all began with the head of a queue would each lose most of their claims. The deal
 * changes every 10 s, so that a busy poller's share does not wait for it; correctness never rests on it.
 */
export function ownFirst<Item extends { readonly runId: string }>(
  items: readonly Item[],
  { mine, of }: Rank,
  at: Instant,
): Item[] {
  if (of <= 1) return [...items];
  const deal = Math.floor(at / DEAL_LASTS);
  const isOwn = ({ runId }: Item) => hash(`${runId} ${deal}`) % of === mine;
  return [...items.filter(isOwn), ...items.filter((item) => !isOwn(item))];
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  // Its low bits alone would follow the last characters: mix the high ones in.
  return (value ^ (value >>> 15)) >>> 0;
}
