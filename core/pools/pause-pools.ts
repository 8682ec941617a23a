import type { Person } from '../../model/values/by-hand.ts';
import type { Context } from '../context.ts';

/** Pauses every pool that is not paused, and records the operator. Returns the pools' names. */
export async function pausePools({ store, now }: Context, operator: Person): Promise<string[]> {
  const pools = (await store.listPools()).filter(({ isPaused }) => !isPaused);
  const at = now();
  const change = { isPaused: true, pausedBy: { ...operator, at }, updatedAt: at };
  await Promise.all(pools.map((pool) => store.updatePool(pool, change)));
  return pools.map(({ name }) => name);
}

/** Resumes the pools that pausePools() paused; pools that were paused individually stay paused. */
export async function resumePools({ store, now }: Context): Promise<string[]> {
  const pools = (await store.listPools()).filter(({ pausedBy }) => pausedBy !== null);
  const change = { isPaused: false, pausedBy: null, updatedAt: now() };
  await Promise.all(pools.map((pool) => store.updatePool(pool, change)));
  return pools.map(({ name }) => name);
}
