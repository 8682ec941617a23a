import { setTimeout as pause } from 'node:timers/promises';

/** How often a write is tried where somebody's transaction has the item. */
export const MOST_TRIES = 8;
/** Milliseconds: up to 40 the first time, up to 1,280 in the end. */
export const jitter = (tries: number, random: () => number): number =>
  random() * 20 * 2 ** Math.min(tries, 6);

/** Somebody's transaction has the item just now, or the table is throttled: it goes on in a moment. */
export async function letOthersGoOn(
  tries: number,
  random: () => number,
  signal?: AbortSignal,
): Promise<void> {
  await pause(jitter(tries, random), undefined, signal ? { signal } : {});
}
