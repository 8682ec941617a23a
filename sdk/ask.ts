import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs, isPassing } from '../client/backoff.ts';

/** A server that is silent for longer than this is given up. */
const PATIENCE_MS = 60_000;

/**
 * Asks again, for up to a minute, while the server does not answer or is busy. Only for what is
 * idempotent. Throws what the last try threw, or the signal's reason.
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
