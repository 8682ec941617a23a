import type { WorkPool } from '../../model/pools.ts';
import { isLapsed, type Session } from '../../model/sessions.ts';
import { HOUR, type Instant, MINUTE } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailures } from '../failures.ts';
import type { Kept } from '../memory.ts';
import { inGrace } from './grace.ts';
import { recoverClaims } from './recover.ts';

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
export async function sweepAtPoll(
  context: Context,
  pool: WorkPool,
  /** The session that polls, where there is one. */
  me: string | undefined,
): Promise<void> {
  const at = context.now();
  const sessions = await context.store.listSessions(pool.id, 'cached');
  const due = sessions.filter((one) => one.id !== me && isDue(context, one, at));
  // A few, together: a poll has other things to do, and the next one does the rest.
  const swept = await Promise.allSettled(
    due.slice(0, NUMBERS.sessionsAtOnce).map(async (session) => {
      context.memory.of(SWEPT).set(session.id, at);
      await sweepDead(context, pool, session);
    }),
  );
  tellFailures(context, 'recovery_failures', swept);
  forgetOld(context.memory.of(SWEPT), at);
}

/** Lapsed; or ended lately and not looked at by this process, or not since its last claims landed. */
function isDue({ memory }: Context, session: Session, at: Instant): boolean {
  const swept = memory.of(SWEPT);
  const last = swept.get(session.id);
  if (session.endedAt === null) {
    return isLapsed(session, at) && (last === undefined || at - last >= NUMBERS.sessionsCached);
  }
  if (at - session.endedAt > NUMBERS.sweptClosely) return false;
  const landed = session.endedAt + NUMBERS.claimWritesWithin + NUMBERS.recordsCached;
  return last === undefined || (last < landed && at >= landed);
}

/** When polls of this process looked at dead sessions last. */
const SWEPT: Kept<Map<string, Instant>> = { begin: () => new Map() };

function forgetOld(swept: Map<string, Instant>, at: Instant): void {
  for (const [id, last] of swept) if (at - last > 2 * NUMBERS.sweptClosely) swept.delete(id);
}

/** All that sweeping a session asks of its pool. */
export type SweptPool = Pick<WorkPool, 'id' | 'recovery'>;

export function isTurn(id: string, at: Instant): boolean {
  const minute = Math.floor((at % HOUR) / MINUTE);
  return Number.parseInt(id.slice(-4), 16) % 60 === minute;
}

/** Ends a lapsed session, unless grace is due, and gives back what it held. */
export async function sweepDead(
  context: Context,
  pool: SweptPool,
  session: Session,
): Promise<void> {
  const { leaseExpiresAt, id: sessionId } = session;
  if (session.endedAt !== null || leaseExpiresAt === null) {
    return recoverEnded(context, pool, session);
  }
  if (await inGrace(context, session)) return;
  const at = context.now();
  const { store } = context;
  const won = await store.endSession({ poolId: pool.id, sessionId, at, leaseExpiresAt });
  if (won) context.count('sessions_lapsed', 1);
  // Lost to a heartbeat, or to another sweep; or to my own write, whose reply was lost.
  const ended = won ? { ...session, endedAt: at } : await store.readSession(pool.id, sessionId);
  if (ended?.endedAt != null) await recoverEnded(context, pool, ended);
}

/** Gives back what an ended session still holds. */
export async function recoverEnded(
  context: Context,
  pool: SweptPool,
  session: Session,
): Promise<void> {
  const kept = await recoverFrom(context, pool, session);
  // RUNNING under a Prefect worker that is OFFLINE: it has to be found again, however long it runs.
  if (kept > 0 && (!session.holds || isTurn(session.id, context.now()))) {
    const until = context.now() + NUMBERS.sessionKept;
    await context.store.keepSession(pool.id, session.id, until);
  }
}

export async function recoverFrom(
  context: Context,
  pool: SweptPool,
  session: Session,
): Promise<number> {
  const entries = await context.store.listClaimed(session.id);
  const overdue = context.now() - NUMBERS.cancelWithin;
  const livingAgent = session.kind === 'agent' && session.endedAt === null;
  // A living agent is looked after for one thing alone.
  const of = livingAgent
    ? entries.filter(({ cancelling, since }) => cancelling && since < overdue)
    : entries;
  return recoverClaims(context, { pool, session }, of);
}
