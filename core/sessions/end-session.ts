import type { WorkPool } from '../../model/pools.ts';
import { isLapsed } from '../../model/sessions.ts';
import type { Context } from '../context.ts';
import { recoverEnded } from '../recovery/dead-sessions.ts';
import { inGrace } from '../recovery/grace.ts';

/** Ends the former session of an agent that was restarted, and recovers the runs that it held. */
export async function endAndRecover(
  context: Context,
  pool: WorkPool,
  sessionId: string,
): Promise<void> {
  const { store } = context;
  const former = await store.readSession(pool.id, sessionId);
  // An agent's former session is always an agent's, never a Prefect worker's or a raw one.
  if (former?.kind !== 'agent') return;
  const at = context.now();
  await store.endSession({ poolId: pool.id, sessionId, at });
  await recoverEnded(context, pool, { ...former, endedAt: former.endedAt ?? at });
}

/**
 * Whether a session has ended. If its lease has expired, the session is ended here. By default
 * there is no grace after an outage: an agent that opens a session under this very name is the same
 * agent after a restart; a different agent has to use another name.
 */
export async function isSessionOver(
  context: Context,
  pool: WorkPool,
  sessionId: string,
  { withGrace = false } = {},
): Promise<boolean> {
  const { store } = context;
  const session = await store.readSession(pool.id, sessionId);
  if (!session || session.endedAt !== null) return true;
  const at = context.now();
  const { leaseExpiresAt } = session;
  if (leaseExpiresAt === null || !isLapsed(session, at)) return false;
  if (withGrace && (await inGrace(context, session))) return false;
  if (await store.endSession({ poolId: pool.id, sessionId, at, leaseExpiresAt })) {
    await recoverEnded(context, pool, { ...session, endedAt: at });
    return true;
  }
  // A heartbeat has renewed it, or a sweep has ended it.
  const now = await store.readSession(pool.id, sessionId);
  return !now || now.endedAt !== null;
}
