import { GRACE_BY_KIND, type ServedKind, type Session } from '../../model/sessions.ts';
import type { Context } from '../context.ts';

/**
 * Whether a lapsed session is not to be ended just now, because an outage may have kept it from
 * renewing its lease.
 *
 *   requests served   x x x x                      x x x
 *   gap                       <------ outage ------>
 *   grace                                          <-- lease -->   then whoever is silent is dead
 *   lapsed            a             b                      a: dead before it, no grace; b: grace
 *
 * The first request that is served after a gap gives the grace, with the write that ends the gap.
 * Where nothing is served at all, a sweep gives it, once per gap.
 */
export async function inGrace(
  { store, now }: Context,
  { poolId, kind: sessionKind, leaseExpiresAt, lastHeartbeatAt }: Session,
): Promise<boolean> {
  const kind: ServedKind = sessionKind === 'worker' ? 'worker' : 'agent';
  const service = await store.readService(poolId, kind);
  if (!service || leaseExpiresAt === null) return false;
  const { gap, grace } = GRACE_BY_KIND[kind];
  // A worker that beats less often than most is given as much more.
  const longer = Math.max(0, leaseExpiresAt - lastHeartbeatAt - grace);
  const at = now();
  if (at < service.graceUntil + longer) return leaseExpiresAt >= service.graceFor;
  const isGap = at - service.lastAt > gap;
  if (!isGap || leaseExpiresAt < service.lastAt || service.graceFor === service.lastAt)
    return false;
  await store.grantGrace({ poolId, kind, gapSince: service.lastAt, until: at + grace });
  return true;
}
