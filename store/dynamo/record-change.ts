import type { Changed } from '../../model/pools.ts';
import type { transact } from './transact.ts';

/** In each such transaction the record comes first and its limit last. */
export const changed = (done: Awaited<ReturnType<typeof transact>>): Changed => {
  if (done.won) return 'updated';
  return done.at === 0 ? 'missing' : 'outrun';
};
