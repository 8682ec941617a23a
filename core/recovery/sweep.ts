import type { DeletedPool, WorkPool } from '../../model/pools.ts';
import { isLapsed, type Session } from '../../model/sessions.ts';
import { type Instant, MINUTE } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import { cancelSurplus } from '../dispatch/cancel-surplus.ts';
import { tellFailure, tellFailures } from '../failures.ts';
import { freeStranded, settleLimits } from '../limits/settle.ts';
import { holdsInPool } from '../pools/is-of-pool.ts';
import { isTurn, recoverEnded, recoverFrom, type SweptPool, sweepDead } from './dead-sessions.ts';
import { forgetIfEmpty } from './forget-queues.ts';
import { recoverByHand } from './recover.ts';

/**
 * The backstop that runs every minute. It looks at all sessions of all pools, at limits that are
 * still to settle, at late runs that exceed a limit, and at runs that belong to no pool.
 */
export async function sweep(context: Context): Promise<void> {
  const pools = await context.store.listPools();
  // Each minute begins with another pool: if there is not enough time for all, each gets its turn.
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
      // Continue with the others; this one is tried again in a minute.
      tellFailure(context, 'recovery_failures', error);
    }
  }
}

async function sweepPool(context: Context, pool: WorkPool): Promise<void> {
  const at = context.now();
  const sessions = await context.store.listSessions(pool.id);
  await sweepSessions(context, sessions, (session) => sweepSession(context, pool, session, at));
  await settleLimits(context, pool);
  await cancelSurplus(context, pool);
  if (isTurn(pool.id, at)) await freeStranded(context, pool);
}

/**
 * Sweeps a deleted pool for as long as any run of it is held: see core/pools/delete-queue.ts. No
 * agent polls such a pool, so only this sweep recovers its runs.
 */
async function sweepDeletedPool(context: Context, pool: DeletedPool): Promise<void> {
  const { store } = context;
  const at = context.now();
  // The process that deleted the pool may have died before it cleared the queues.
  await store.clearQueues(pool.id, at);
  const sessions = await store.listSessions(pool.id);
  await sweepSessions(context, sessions, async (session) => {
    // A Prefect worker can send no heartbeats to a deleted pool, so its silence says nothing.
    const isOpenWorker = session.kind === 'worker' && session.endedAt === null;
    if (isOpenWorker) await recoverFrom(context, pool, session);
    else await sweepSession(context, pool, session, at);
  });
  const landed = at - pool.deletedAt > NUMBERS.sweptClosely;
  if (landed && (await isEmpty(context, pool))) await store.forgetDeletedPool(pool);
}

/** Whether no run of the pool is held, and no agent is open that could report that it holds one. */
async function isEmpty(context: Context, pool: DeletedPool): Promise<boolean> {
  const sessions = await context.store.listSessions(pool.id);
  if (sessions.some(({ kind, endedAt }) => kind === 'agent' && endedAt === null)) return false;
  const held = await Promise.all(
    sessions.map(({ id: sessionId }) => holdsInPool(context, { poolId: pool.id, sessionId })),
  );
  return !held.includes(true);
}

async function sweepSessions(
  context: Context,
  sessions: readonly Session[],
  sweepOne: (session: Session) => Promise<void>,
): Promise<void> {
  for (const some of inBatches(sessions, NUMBERS.sessionsAtOnce)) {
    const swept = await Promise.allSettled(some.map(sweepOne));
    tellFailures(context, 'recovery_failures', swept);
  }
}

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

/**
 * Whether an ended session is checked in this sweep: every minute at first and while it holds runs,
 * then once per hour; these checks are spread over the minutes.
 */
const isLookedAtAgain = ({ id, endedAt, holds }: Session, at: Instant): boolean =>
  holds || at - (endedAt ?? at) < NUMBERS.sweptClosely || isTurn(id, at);

/** Sweeps claims of runs that belong to no pool: their claimants send no heartbeats. */
async function sweepByHand(context: Context): Promise<void> {
  const until = context.now() - NUMBERS.claimIdle;
  const entries = await context.store.listByHand();
  const claimed = entries.filter(({ attempt, since }) => attempt > 0 && since < until);
  await recoverByHand(
    context,
    claimed.map(({ runId }) => runId),
  );
}
