import type { Changed } from '../../model/pools.ts';
import type { transact } from './transact.ts';

/** The record comes first in each such transaction, then others, its limit last. */
export const changed = (done: Awaited<ReturnType<typeof transact>>): Changed => {
  if (done.won) return 'updated';
  return done.at === 0 ? 'missing' : 'outrun';
};
