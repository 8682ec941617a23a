import { expect, test } from 'vitest';
import { Bell } from '../../agent/pause.ts';
import { backoffMs, isFault, isPassing, isRefusal } from '../../client/backoff.ts';
import { ApiError, UnreachableError } from '../../client/index.ts';

test('delays double up to the cap, and chance has the upper half of each', () => {
  const delays = (random: number) =>
    [0, 1, 2, 5, 6, 1_000].map((tries) =>
      backoffMs(tries, { firstMs: 250, capMs: 10_000, random: () => random }),
    );
  expect(delays(1)).toEqual([250, 500, 1_000, 8_000, 10_000, 10_000]);
  expect(delays(0)).toEqual([125, 250, 500, 4_000, 5_000, 5_000]);
});

test.each([
  [new UnreachableError('silence'), true],
  [new ApiError(503, {}), true],
  [new ApiError(500, {}), true],
  [new ApiError(429, {}), true],
  [new ApiError(404, {}), false],
  [new ApiError(409, {}), false],
  [new TypeError('a bug'), false],
])('whether asking again may help: %o', (error, passing) => {
  expect(isPassing(error)).toBe(passing);
});

test.each([
  [new ApiError(500, { code: 'internal' }), true],
  [new ApiError(500, { message: 'Internal Server Error' }), false],
  [new ApiError(502, {}), false],
  [new ApiError(503, {}), false],
  [new UnreachableError('silence'), false],
])('whether the server itself failed: %o', (error, fault) => {
  expect(isFault(error)).toBe(fault);
});

test('a ring that nobody waited for is remembered once', async () => {
  const bell = new Bell();
  bell.ring();
  bell.ring();
  await expect(bell.wait(60_000)).resolves.toBe(true);
  await expect(bell.wait(0)).resolves.toBe(false);
});

test.each([
  [new ApiError(409, { code: 'claim_lost' }), true],
  [new ApiError(413, { message: 'Request Too Long' }), true],
  [new ApiError(403, { message: 'Forbidden' }), false],
  [new ApiError(403, { code: 'api_key_refused' }), false],
  [new ApiError(404, { message: 'Not Found' }), false],
  [new ApiError(410, { detail: 'Gone' }), false],
  [new ApiError(503, { code: 'database_busy' }), false],
  [new UnreachableError('silence'), false],
])('only the API itself refuses what a request says: %s (%#)', (error, refused) => {
  expect(isRefusal(error)).toBe(refused);
});
