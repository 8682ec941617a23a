import type { Context } from '../../core/context.ts';
import type { Store } from '../../model/store.ts';

interface Interrupted {
  readonly context: Context;
  readonly wasInterrupted: () => boolean;
  /** Whether a later call could have been interrupted, too. */
  readonly hasMore: () => boolean;
}

/** A context whose store, once it has answered `after` calls, lets others act before the next. */
export function interrupted(
  context: Context,
  after: number,
  act: () => Promise<unknown>,
): Interrupted {
  let calls = 0;
  let acted: Promise<unknown> | undefined;
  const store = new Proxy(context.store, {
    get(real, name: keyof Store) {
      const method = real[name] as (...args: unknown[]) => unknown;
      return async (...args: unknown[]) => {
        if (calls++ >= after) {
          acted ??= act();
          await acted;
        }
        return method(...args);
      };
    },
  });
  return {
    context: { ...context, store },
    wasInterrupted: () => acted !== undefined,
    hasMore: () => calls > after + 1,
  };
}
