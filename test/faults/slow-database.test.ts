import { expect, test } from 'vitest';
import { exchange } from '../support/http.ts';
import { startTestStack } from '../support/stack.ts';

test('a request that a slow database leaves no time for is 503, and is to be sent again', async () => {
  const stack = await startTestStack({
    timeoutMs: 400,
    wrapStore: (store) => ({ ...store, listPools: () => new Promise(() => {}) }),
  });
  try {
    const { status, body, headers } = await exchange(stack, 'POST', '/work_pools/filter', {});
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toEqual({
      detail: 'The database did not answer in time.',
      code: 'unavailable',
      hint: 'Retry. The request may or may not have taken effect.',
    });
  } finally {
    await stack.stop();
  }
});
