import type { Context } from './context.ts';
import { forgetIfEmpty } from './deleted-queues.ts';
import { HOUR, type Instant, MINUTE } from './instant.ts';
import { LIMITS } from './limits.ts';
import type { DeletedPool, Session, WorkPool } from './records.ts';
import { recoverByHand, recoverClaims } from './recover.ts';
import { inGrace } from './service.ts';
import { freeStranded, settleLimits } from './settle.ts';
import { tellFailure, tellFailures } from './tell-failure.ts';

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
    due.slice(0, LIMITS.sessionsAtOnce).map(async (session) => {
      context.swept.set(session.id, at);
      await sweepDead(context, pool, session);
    }),
  );
  tellFailures(context, 'recovery_failures', swept);
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

/** The backstop, every minute: all pools, all sessions; limits that are to settle; runs of no pool. */
export async function sweep(context: Context): Promise<void> {
  const pools = await context.store.listPools();
  // Each minute another one is the first: where time does not do for all, it does for each in turn.
  const first = Math.floor(context.now() / MINUTE) % Math.max(1, pools.length);
  const sweeps = [...pools.slice(first), ...pools.slice(0, first)].map(
    (pool) => () => sweepPool(context, pool),
  );
  const deleted = (await context.store.listDeletedPools()).map(
    (pool) => () => sweepDeletedPool(context, pool),
  );
  const emptied = (await context.store.listDeletedQueues())
    .filter(({ id }) => isTurn(id, context.now()))
    .map((queue) => () => forgetIfEmpty(context, queue));
  for (const one of [() => sweepByHand(context), ...sweeps, ...deleted, ...emptied]) {
    try {
      await one();
    } catch (error) {
      // The others' turn; this one's comes again in a minute.
      tellFailure(context, 'recovery_failures', error);
    }
  }
}

async function sweepPool(context: Context, pool: WorkPool): Promise<void> {
  const at = context.now();
  const sessions = await context.store.listSessions(pool.id);
  await sweepSessions(context, sessions, (session) => sweepSession(context, pool, session, at));
  await settleLimits(context, pool);
  if (isTurn(pool.id, at)) await freeStranded(context, pool);
}

/**
 * What was claimed in a pool that was deleted is looked after for as long as anything of it is held:
 * see delete-queue.ts. Nobody polls such a pool, so this is all that does.
 */
async function sweepDeletedPool(context: Context, pool: DeletedPool): Promise<void> {
  const { store } = context;
  const at = context.now();
  // Who deleted it may have died over it.
  await store.clearQueues(pool.id, at);
  const sessions = await store.listSessions(pool.id);
  await sweepSessions(context, sessions, async (session) => {
    // A worker of Prefect's has no pool to beat in: its silence says nothing.
    const isOpenWorker = session.kind === 'worker' && session.endedAt === null;
    if (isOpenWorker) await recoverFrom(context, pool, session);
    else await sweepSession(context, pool, session, at);
  });
  const landed = at - pool.deletedAt > LIMITS.sweptClosely;
  if (landed && (await isOver(context, pool))) await store.forgetDeletedPool(pool);
}

/** Nothing is held, and no agent is there that could say what else it holds. */
async function isOver({ store }: Context, pool: DeletedPool): Promise<boolean> {
  const sessions = await store.listSessions(pool.id);
  if (sessions.some(({ kind, endedAt }) => kind === 'agent' && endedAt === null)) return false;
  const held = await Promise.all(sessions.map(({ id }) => store.listClaimed(id)));
  return held.every((entries) => entries.length === 0);
}

async function sweepSessions(
  context: Context,
  sessions: readonly Session[],
  sweepOne: (session: Session) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < sessions.length; i += LIMITS.sessionsAtOnce) {
    const some = sessions.slice(i, i + LIMITS.sessionsAtOnce);
    const swept = await Promise.allSettled(some.map(sweepOne));
    tellFailures(context, 'recovery_failures', swept);
  }
}

/** All that sweeping a session asks of its pool. */
type SweptPool = Pick<WorkPool, 'id' | 'recovery'>;

async function sweepSession(
  context: Context,
  pool: SweptPool,
  session: Session,
  at: Instant,
): Promise<void> {
  if (session.endedAt !== null) {
    if (isLookedAtAgain(session, at)) await recoverEnded(context, pool, session);
  } else if (isLapsed(session, at)) await sweepDead(context, pool, session);
  else await recoverFrom(context, pool, session);
}

/** Each minute at first, and while it holds runs; then once per hour, spread over the minutes. */
const isLookedAtAgain = ({ id, endedAt, holds }: Session, at: Instant): boolean =>
  holds || at - (endedAt ?? at) < LIMITS.sweptClosely || isTurn(id, at);

function isTurn(id: string, at: Instant): boolean {
  const minute = Math.floor((at % HOUR) / MINUTE);
  return Number.parseInt(id.slice(-4), 16) % 60 === minute;
}

/** Ends a lapsed session, unless grace is due, and gives back what it held. */
async function sweepDead(context: Context, pool: SweptPool, session: Session): Promise<void> {
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
    const until = context.now() + LIMITS.sessionKept;
    await context.store.keepSession(pool.id, session.id, until);
  }
}

async function recoverFrom(context: Context, pool: SweptPool, session: Session): Promise<number> {
  const entries = await context.store.listClaimed(session.id);
  const overdue = context.now() - LIMITS.cancelWithin;
  const livingAgent = session.kind === 'agent' && session.endedAt === null;
  // A living agent is looked after for one thing alone.
  const of = livingAgent
    ? entries.filter(({ cancelling, since }) => cancelling && since < overdue)
    : entries;
  return recoverClaims(context, { pool, session }, of);
}

/** Claims of runs that wait in no pool: nobody sees their claimants, whatever they are called. */
async function sweepByHand(context: Context): Promise<void> {
  const until = context.now() - LIMITS.claimIdle;
  const entries = await context.store.listByHand();
  const claimed = entries.filter(({ attempt, since }) => attempt > 0 && since < until);
  await recoverByHand(
    context,
    claimed.map(({ runId }) => runId),
  );
}
