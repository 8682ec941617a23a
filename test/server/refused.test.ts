import { expect, test } from 'vitest';
import { ApiError } from '../../client/index.ts';

/** API Gateway's own answers; those of the handlers have a `detail`. */
test.each([
  [401, { message: 'Unauthorized' }, /asks for an API key: set DIBS_API_KEY/],
  [403, { message: 'Forbidden' }, /unknown, revoked or expired/],
  [
    403,
    { detail: 'This key is not for work pool "q".', code: 'pool_forbidden' },
    /^This key is not/,
  ],
  [500, { message: 'Internal Server Error' }, /^Internal Server Error$/],
  [418, {}, /^The server answered 418\.$/],
])('%i %j is told so that one knows what to do', (status, body, says) => {
  expect(new ApiError(status, body).message).toMatch(says);
});
