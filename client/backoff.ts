import { ApiError, UnreachableError } from './errors.ts';

/**
 * Milliseconds to wait before the next attempt, after `tries` retries (0, 1, 2...). The wait
 * doubles from `firstMs` up to `capMs`. Its upper half is random, so that many callers spread out.
 */
export function backoffMs(
  tries: number,
  { firstMs, capMs, random }: { firstMs: number; capMs: number; random: () => number },
): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(tries, 30));
  return full / 2 + (full / 2) * random();
}

/**
 * True if a retry may help: there was no response, too many requests, or an error of the server.
 * The request may have had its effect, so only idempotent requests may be retried.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}

/**
 * True if the server's own code failed: then the same request may fail each time. Any other 5xx
 * means that the server is busy or away. The status alone does not tell: API Gateway answers 500
 * for a Lambda that is throttled, or an authorizer that fails.
 */
export function isFault(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'internal';
}
