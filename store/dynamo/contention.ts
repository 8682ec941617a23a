import { setTimeout as pause } from 'node:timers/promises';

/** Most attempts of a write when another transaction holds the item. */
export const MOST_TRIES = 8;
/** In milliseconds: at most 40 before the second attempt, at most 1,280 in the end. */
export const jitter = (tries: number, random: () => number): number =>
  random() * 20 * 2 ** Math.min(tries, 6);

/** Waits before a retry: another transaction holds the item, or the table is throttled. */
export async function letOthersGoOn(
  tries: number,
  random: () => number,
  signal?: AbortSignal,
): Promise<void> {
  await pause(jitter(tries, random), undefined, signal ? { signal } : {});
}
