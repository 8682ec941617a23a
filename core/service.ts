import type { Context } from './context.ts';
import type { Instant } from './instant.ts';

/**
 * Whether nothing is to be recovered in a pool just now, because an outage may have kept everybody
 * from renewing anything.
 *
 *   requests served   x x x x                      x x x
 *   gap                       <------ outage ------>
 *   grace                                          <-- lease -->   then whoever is silent is dead
 *
 * The first request that is served after a gap longer than a lease gives the grace, with the write
 * that ends the gap. Where nothing is served at all, a sweep gives it, once per gap.
 */
export async function inGrace(
  { store, now }: Context,
  poolId: string,
  lease: Instant,
): Promise<boolean> {
  const service = await store.readService(poolId);
  if (!service) return false;
  const at = now();
  if (at < service.graceUntil) return true;
  const gap = at - service.lastAt > lease;
  if (!gap || service.graceFor === service.lastAt) return false;
  await store.grantGrace(poolId, service.lastAt, at + lease);
  return true;
}
