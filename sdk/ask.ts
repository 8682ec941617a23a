import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs, isPassing } from '../client/backoff.ts';

/** After this time without an answer, the caller gets the error. */
const PATIENCE_MS = 60_000;

/**
 * Calls `send`, and retries for up to a minute while the server does not answer or is busy. Only
 * for idempotent requests.
 * @throws the error of the last try; the signal's reason when it is aborted
 */
export async function ask<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let tries = 0; ; tries++) {
    try {
      return await send();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || performance.now() > deadline) throw error;
    }
    const ms = backoffMs(tries, { firstMs: 200, capMs: 3_000, random: Math.random });
    await delay(ms, undefined, signal ? { signal } : {});
  }
}
