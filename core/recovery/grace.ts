import { GRACE_BY_KIND, type ServedKind, type Session } from '../../model/sessions.ts';
import type { Context } from '../context.ts';

/**
 * Whether a session with an expired lease must not be ended yet, because an outage may have
 * prevented it from renewing the lease.
 *
 *   requests served   x x x x                      x x x
 *   gap                       <------ outage ------>
 *   grace                                          <-- lease -->   then silent sessions are dead
 *   lease expires     a             b              a: before it, no grace; b: in it, grace
 *
 * The first request that is served after a gap grants the grace, with the write that ends the gap.
 * If no request is served at all, a sweep grants it, once per gap.
 */
export async function inGrace(
  { store, now }: Context,
  { poolId, kind: sessionKind, leaseExpiresAt, lastHeartbeatAt }: Session,
): Promise<boolean> {
  const kind: ServedKind = sessionKind === 'worker' ? 'worker' : 'agent';
  const service = await store.readService(poolId, kind);
  if (!service || leaseExpiresAt === null) return false;
  const { gap, grace } = GRACE_BY_KIND[kind];
  // A worker that sends heartbeats less often than usual gets a longer grace, like its lease.
  const longer = Math.max(0, leaseExpiresAt - lastHeartbeatAt - grace);
  const at = now();
  if (at < service.graceUntil + longer) return leaseExpiresAt >= service.graceFor;
  const isGap = at - service.lastAt > gap;
  if (!isGap || leaseExpiresAt < service.lastAt || service.graceFor === service.lastAt)
    return false;
  await store.grantGrace({ poolId, kind, gapSince: service.lastAt, until: at + grace });
  return true;
}
