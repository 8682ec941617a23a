import type { Context } from './context.ts';
import { HOUR, type Instant, MINUTE } from './instant.ts';
import { LIMITS } from './limits.ts';
import type { Session, WorkPool } from './records.ts';
import { recoverClaims } from './recover.ts';
import { inGrace } from './service.ts';
import { freeStranded, settleLimits } from './settle.ts';

/**
 * A session's life, and who ends it:
 *
 *   opened   beat   beat   beat        lease        noticed        claimable again
 *     |-------|------|------|------------|-------------|---------------|
 *                           x dies       lapsed        ended           its runs, one write each
 *
 * It is ended by a write on condition that its lease is the very one seen: a late heartbeat renews it
 * first, and then the end is lost; or it comes after, and is told 410. Then its runs go back
 * (recover.ts). Every poll looks at the pool's sessions, so a lapse is noticed within seconds of it;
 * a sweep every minute is the backstop where nobody polls. Ended sessions are looked at again, for a
 * claim write that was under way may land after the end, and for who ended one and died over it.
 */
export async function sweepAtPoll(context: Context, pool: WorkPool, me: Session): Promise<void> {
  const at = context.now();
  const sessions = await context.store.listSessions(pool.id, 'cached');
  const due = sessions.filter((one) => one.id !== me.id && isDue(context, one, at));
  // Together: what one finds must not wait for another's.
  const swept = await Promise.allSettled(
    due.map(async (session) => {
      context.swept.set(session.id, at);
      await sweepDead(context, pool, session);
    }),
  );
  context.count('recovery_failures', swept.filter(({ status }) => status === 'rejected').length);
  forgetOld(context.swept, at);
}

/** Lapsed; or ended lately and not looked at by this process, or not since its last claims landed. */
function isDue({ swept }: Context, session: Session, at: Instant): boolean {
  const last = swept.get(session.id);
  if (session.endedAt === null) {
    return isLapsed(session, at) && (last === undefined || at - last >= LIMITS.sessionsCached);
  }
  if (at - session.endedAt > LIMITS.sweptClosely) return false;
  const landed = session.endedAt + LIMITS.claimWritesWithin + LIMITS.recordsCached;
  return last === undefined || (last < landed && at >= landed);
}

export const isLapsed = ({ endedAt, leaseExpiresAt }: Session, at: Instant): boolean =>
  endedAt === null && leaseExpiresAt !== null && leaseExpiresAt < at;

function forgetOld(swept: Context['swept'], at: Instant): void {
  for (const [id, last] of swept) if (at - last > 2 * LIMITS.sweptClosely) swept.delete(id);
}

/** The backstop, every minute: all pools, all sessions; limits that are to settle. */
export async function sweep(context: Context): Promise<void> {
  const pools = await context.store.listPools();
  for (const pool of pools) {
    try {
      await sweepPool(context, pool);
    } catch {
      // The others' turn; this one's comes again in a minute.
      context.count('recovery_failures', 1);
    }
  }
}

async function sweepPool(context: Context, pool: WorkPool): Promise<void> {
  const at = context.now();
  for (const session of await context.store.listSessions(pool.id)) {
    if (session.endedAt !== null) {
      if (isLookedAtAgain(session, at)) await recoverEnded(context, pool, session);
    } else if (isLapsed(session, at)) await sweepDead(context, pool, session);
    else await recoverFrom(context, pool, session);
  }
  await settleLimits(context, pool);
  if (isTurn(pool.id, at)) await freeStranded(context, pool);
}

/** Each minute at first; then once per hour, spread over the minutes. */
const isLookedAtAgain = ({ id, endedAt }: Session, at: Instant): boolean =>
  at - (endedAt ?? at) < LIMITS.sweptClosely || isTurn(id, at);

function isTurn(id: string, at: Instant): boolean {
  const minute = Math.floor((at % HOUR) / MINUTE);
  return Number.parseInt(id.slice(-4), 16) % 60 === minute;
}

/** Ends a lapsed session, unless grace is due, and gives back what it held. */
async function sweepDead(context: Context, pool: WorkPool, session: Session): Promise<void> {
  const { leaseExpiresAt, id: sessionId } = session;
  if (session.endedAt === null && leaseExpiresAt !== null) {
    const lease = leaseExpiresAt - session.lastHeartbeatAt;
    if (await inGrace(context, pool.id, lease)) return;
    const at = context.now();
    const ending = { poolId: pool.id, sessionId, at, leaseExpiresAt };
    if (!(await context.store.endSession(ending))) return;
    context.count('sessions_lapsed', 1);
    await recoverEnded(context, pool, { ...session, endedAt: at });
    return;
  }
  await recoverEnded(context, pool, session);
}

/** Gives back what an ended session still holds. */
export async function recoverEnded(
  context: Context,
  pool: WorkPool,
  session: Session,
): Promise<void> {
  const kept = await recoverFrom(context, pool, session);
  // RUNNING under a Prefect worker that is OFFLINE: it has to be found again, however long it runs.
  if (kept > 0) {
    const until = context.now() + LIMITS.sessionKept;
    await context.store.keepSession(pool.id, session.id, until);
  }
}

async function recoverFrom(context: Context, pool: WorkPool, session: Session): Promise<number> {
  const entries = await context.store.listClaimed(session.id);
  return recoverClaims(context, { pool, session }, entries);
}
