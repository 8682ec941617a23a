import type { WorkPool } from '../../model/pools.ts';
import { isLapsed } from '../../model/sessions.ts';
import type { Context } from '../context.ts';
import { recoverEnded } from '../recovery/dead-sessions.ts';
import { inGrace } from '../recovery/grace.ts';

/** An agent's own former life: over at once, and its runs with it. */
export async function endAndRecover(
  context: Context,
  pool: WorkPool,
  sessionId: string,
): Promise<void> {
  const { store } = context;
  const former = await store.readSession(pool.id, sessionId);
  // Nobody of us was ever a Prefect worker, or a caller without heartbeats.
  if (former?.kind !== 'agent') return;
  const at = context.now();
  await store.endSession({ poolId: pool.id, sessionId, at });
  await recoverEnded(context, pool, { ...former, endedAt: former.endedAt ?? at });
}

/**
 * Whether a session has ended; one that fell silent past its lease is ended here. Without grace after
 * an outage where an agent comes under its very name: that is its restart, or it takes another name.
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
  const ended = await store.endSession({ poolId: pool.id, sessionId, at, leaseExpiresAt });
  if (ended) await recoverEnded(context, pool, { ...session, endedAt: at });
  return ended;
}
