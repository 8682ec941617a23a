import type { CollisionStrategy, Limit, Scope } from '../../model/limits.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { settle } from './settle.ts';

/**
 * The first limit of a new pool, queue or deployment. No run of it can have been claimed yet, so
 * the limit need not settle.
 */
export function firstLimit(
  scope: Scope,
  limit: number | null,
  strategy: CollisionStrategy = 'ENQUEUE',
): Limit | undefined {
  if (limit === null) return undefined;
  return { scope, limit, strategy, version: 1, settlesAt: null };
}

/**
 * The changed limit, to be written on condition of the version that was read; `undefined` if
 * nothing changes.
 */
export async function nextLimit(
  { store, now }: Context,
  scope: Scope,
  limit: number | null | undefined,
  strategy: CollisionStrategy = 'ENQUEUE',
): Promise<Limit | undefined> {
  if (limit === undefined) return undefined;
  const [current] = await store.readLimits([scope]);
  if (!current || (current.limit === limit && current.strategy === strategy)) return undefined;
  const isFirst = current.limit === null && limit !== null;
  const settlesAt = isFirst ? now() + NUMBERS.limitsSettle : current.settlesAt;
  const version = current.version + 1;
  return { scope, limit, strategy, version, settlesAt: limit === null ? null : settlesAt };
}

/** Settles a limit if its time has come. Returns true once the limit admits claims. */
export async function settleLimit(context: Context, scope: Scope): Promise<boolean> {
  const [limit] = await context.store.readLimits([scope]);
  return !limit || settle(context, limit);
}
