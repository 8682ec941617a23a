import type { CollisionStrategy, Limit, Scope } from '../../model/limits.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { settle } from './settle.ts';

/** The limit that something new begins with: nobody can have claimed anything of it. */
export function firstLimit(
  scope: Scope,
  limit: number | null,
  strategy: CollisionStrategy = 'ENQUEUE',
): Limit | undefined {
  if (limit === null) return undefined;
  return { scope, limit, strategy, version: 1, settlesAt: null };
}

/** A limit as it becomes, to be written on condition of the version read; undefined: as it is. */
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

/** Settles a limit if its time has come. True once it admits. */
export async function settleLimit(context: Context, scope: Scope): Promise<boolean> {
  const [limit] = await context.store.readLimits([scope]);
  return !limit || settle(context, limit);
}
