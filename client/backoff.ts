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
 * True if this API itself refused what the request says, and told why by a code. An error without
 * one is of something in front of it (a firewall, an authorizer), which knows nothing about runs,
 * and judges only the size of a request. Nor does a refused key say anything about them.
 */
export function isRefusal(error: unknown): error is ApiError {
  if (!(error instanceof ApiError) || isPassing(error)) return false;
  if (error.code === undefined) return error.status === 413;
  return !error.code.startsWith('api_key_');
}

/**
 * True if the server's own code failed: then the same request may fail each time. Any other 5xx
 * means that the server is busy or away. The status alone does not tell: API Gateway answers 500
 * for a Lambda that is throttled, or an authorizer that fails.
 */
export function isFault(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'internal';
}
