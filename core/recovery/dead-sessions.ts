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
 * Ends the pool's sessions whose leases have expired, and recovers the runs that they held. Every
 * poll calls this. The life of a session:
 *
 *   opened   beat   beat   beat      expiry       noticed        claimable again
 *     |-------|------|------|-----------|------------|---------------|
 *                           agent dies  lease        session         its runs requeued,
 *                                       expires      ended           one write each
 *
 * A session is ended by a write on condition that its lease has not changed since it was read. A
 * late heartbeat either comes first, renews the lease and makes this write fail, or comes later and
 * gets 410. Then the runs of the session are recovered (recover.ts). Because every poll looks at
 * the pool's sessions, an expired lease is noticed within seconds; for pools that no agent polls, a
 * sweep every minute is the backstop. Ended sessions are checked again for two reasons: a claim
 * write that was under way may land after the session's end, and the process that ended the session
 * may have died before it recovered the runs.
 */
export async function sweepAtPoll(
  context: Context,
  pool: WorkPool,
  /** The session that polls, if there is one. */
  me: string | undefined,
): Promise<void> {
  const at = context.now();
  const sessions = await context.store.listSessions(pool.id, 'cached');
  const due = sessions.filter((one) => one.id !== me && isDue(context, one, at));
  // A poll sweeps only a few sessions, all at once; the next poll sweeps the rest.
  const swept = await Promise.allSettled(
    due.slice(0, NUMBERS.sessionsAtOnce).map(async (session) => {
      context.memory.of(SWEPT).set(session.id, at);
      await sweepDead(context, pool, session);
    }),
  );
  tellFailures(context, 'recovery_failures', swept);
  forgetOld(context.memory.of(SWEPT), at);
}

/**
 * Whether a session needs a look: its lease has expired; or it ended recently, and this process has
 * not looked at it, or not since the time by which its last claim writes have landed.
 */
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

/** By session id: when polls of this process last looked at the dead session. */
const SWEPT: Kept<Map<string, Instant>> = { begin: () => new Map() };

function forgetOld(swept: Map<string, Instant>, at: Instant): void {
  for (const [id, last] of swept) if (at - last > 2 * NUMBERS.sweptClosely) swept.delete(id);
}

/** The parts of a pool that sweeping a session needs. */
export type SweptPool = Pick<WorkPool, 'id' | 'recovery'>;

export function isTurn(id: string, at: Instant): boolean {
  const minute = Math.floor((at % HOUR) / MINUTE);
  return Number.parseInt(id.slice(-4), 16) % 60 === minute;
}

/**
 * Ends a session whose lease has expired, unless it has grace, and recovers the runs that it held.
 */
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
  // If the write failed, a heartbeat or another sweep came first, or this very write succeeded
  // before and its response was lost.
  const ended = won ? { ...session, endedAt: at } : await store.readSession(pool.id, sessionId);
  if (ended?.endedAt != null) await recoverEnded(context, pool, ended);
}

/** Recovers the runs that an ended session still holds. */
export async function recoverEnded(
  context: Context,
  pool: SweptPool,
  session: Session,
): Promise<void> {
  const kept = await recoverFrom(context, pool, session);
  // A run that stays RUNNING under an OFFLINE Prefect worker must be found again, however long it
  // runs. So the record of its session is kept longer.
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
  // A live agent's runs are left alone, except those that it has not stopped in time.
  const of = livingAgent
    ? entries.filter(({ cancelling, since }) => cancelling && since < overdue)
    : entries;
  return recoverClaims(context, { pool, session }, of);
}
