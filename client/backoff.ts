import { ApiError, UnreachableError } from './errors.ts';

/**
 * Milliseconds to wait before the next try after `tries` tries (0, 1, 2...): doubling from `firstMs`
 * up to `capMs`, of which the upper half is left to chance, so that many callers spread out.
 */
export function backoffMs(
  tries: number,
  { firstMs, capMs, random }: { firstMs: number; capMs: number; random: () => number },
): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(tries, 30));
  return full / 2 + (full / 2) * random();
}

/**
 * True when asking again may help: no answer at all, too many requests, or an error on the server's
 * side. The request may have had its effect, so only what is idempotent may be asked again.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}

/**
 * True when the server's own code failed: this may come each time the same is asked. Any other 5xx says
 * that it is busy or away. The status does not tell: API Gateway answers 500 for a Lambda that is
 * throttled, or an authorizer that fails.
 */
export function isFault(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'internal';
}
