import type { WorkPool } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import type { Session } from '../../model/sessions.ts';
import { DibsError, poolNotFound } from '../../model/values/errors.ts';
import { type Instant, type Micros, SECOND, type Seconds } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { FreeSlots } from '../limits/free-slots.ts';
import { stampPolled } from '../pools/polled.ts';
import { type RecordsView, readView, selectQueues } from '../pools/pool-view.ts';
import { sweepAtPoll } from '../recovery/dead-sessions.ts';
import { readDeletedSession } from '../sessions/former-pool.ts';
import { type ClaimCall, claimFrom, type Taken } from './claim-from-queue.ts';

export interface Claimed {
  readonly runs: readonly Run[];
  readonly leaseSeconds: Seconds;
  /** Seconds after which the agent should poll again: a hint. */
  readonly retryAfterSeconds: Seconds;
}

/**
 * Claims up to `call.limit` runs for a session.
 *
 * Agents A and B poll the same queue. Both may see the same runs, and each tries to claim them with
 * one conditional write per run. The database applies these writes one at a time, in some order:
 * the first write finds that no session holds the run and wins; every later write finds a holder
 * and loses.
 *
 *   0  read the session consistently; if it is absent or ended -> 410; requeue the runs of dead
 *      sessions (core/recovery/dead-sessions.ts)
 *   1  go through the pool's queues by priority, skipping paused ones
 *   2  take candidates of a queue from an index that may be seconds old (core/dispatch/deck.ts)
 *   3  one write per candidate, on condition that no session holds the run (store/claims/claim.ts);
 *      where limits apply, in one transaction with a slot of each limit (core/limits/free-slots.ts)
 *   4  if the write lost, another session holds the run: try the next candidate
 *
 * @throws DibsError work_pool_not_found, work_queue_not_found, session_ended, unavailable
 */
export async function claim(context: Context, call: ClaimCall): Promise<Claimed> {
  const { store } = context;
  const known = await store.readPool(call.poolName, 'cached');
  if (!known) throw poolNotFound(call.poolName);
  const deadline = context.now() + NUMBERS.claimWritesWithin;
  const session = await openSession(context, known, call.sessionId);
  if (!session) return answer([], NUMBERS.retryAfterPaused);
  await store.stampService(known.id, 'agent');

  if (call.repeat) return answer(await claimedBefore(context, call), 0);
  if (session.draining) return answer([], NUMBERS.retryAfterPaused);
  await sweepAtPoll(context, known, session.id);

  const taken: Taken = { runs: [], lost: 0 };
  try {
    const outcome = await claimAll(context, { call, session, deadline }, taken);
    if (outcome === 'paused') return answer([], NUMBERS.retryAfterPaused);
  } catch (error) {
    if (taken.runs.length === 0) throw error;
    // The session holds the runs that it has won, even if something failed afterwards, so the agent
    // must be told about them.
    tellFailure(context, 'claim_failures', error);
  }
  context.count('claims', taken.runs.length);
  context.count('lost_conditions', taken.lost);
  if (taken.runs.length > 0) return answer(taken.runs, 0);
  return answer([], taken.lost > 0 ? NUMBERS.retryAfterContended : NUMBERS.retryAfterEmpty);
}

const answer = (runs: readonly Run[], retryAfter: Micros): Claimed => ({
  runs,
  retryAfterSeconds: retryAfter / SECOND,
  leaseSeconds: NUMBERS.lease / SECOND,
});

/**
 * Returns the session if it is open. `undefined`: the session belongs to a deleted pool of the same
 * name, so it cannot claim runs in this one.
 * @throws DibsError session_ended
 */
async function openSession(
  context: Context,
  pool: WorkPool,
  sessionId: string,
): Promise<Session | undefined> {
  const session = await context.store.readSession(pool.id, sessionId);
  if (session && session.endedAt === null) return session;
  const deleted = !session && (await readDeletedSession(context, pool.name, sessionId));
  if (deleted && deleted.session.endedAt === null) return undefined;
  throw new DibsError(
    'session_ended',
    session ? 'This session has ended.' : 'This session was never opened in this pool.',
    { hint: 'Stop the processes that it started, then open a new session with a heartbeat.' },
  );
}

interface Claiming {
  readonly call: ClaimCall;
  readonly session: Session;
  /** No write begins later. */
  readonly deadline: Instant;
}

/**
 * Claims from one queue after another, until the call has enough runs, all queues are empty, the
 * pool's limit is full or time is up.
 */
async function claimAll(
  context: Context,
  { call, session, deadline }: Claiming,
  taken: Taken,
): Promise<'paused' | 'done'> {
  let freeSlots = new FreeSlots(context);
  let view = await viewOf(context, call, session);
  await stampPolled(context, view.queues);
  if (view.pool.isPaused) return 'paused';
  const begun = new Set<string>();
  const done = new Set<string>();
  while (taken.runs.length < call.limit && context.now() < deadline) {
    const queue = view.queues.find(({ id }) => !done.has(id));
    if (!queue) break;
    const until = Math.min(deadline, view.goodUntil);
    const anew = !begun.has(queue.id);
    begun.add(queue.id);
    const left = await claimFrom(context, { ...view, queue, call, until, freeSlots, anew }, taken);
    if (left === 'pool full') break;
    if (left === 'done') done.add(queue.id);
    // The limits may have changed since the records were read. A claim that does not know of a
    // limit would take no slot of it, so read the records again.
    if (context.now() >= view.goodUntil) {
      view = await viewOf(context, call, session);
      freeSlots = new FreeSlots(context);
    }
    if (view.pool.isPaused) break;
  }
  return 'done';
}

/**
 * The pool and the queues that this call serves, from records that are not older than the session.
 */
async function viewOf(context: Context, call: ClaimCall, session: Session): Promise<RecordsView> {
  const view = await readView(context, call.poolName, session.openedAt);
  return { ...view, queues: selectQueues(view, call.queueNames) };
}

/** The runs claimed under this claim id: found through an index, confirmed by consistent reads. */
async function claimedBefore({ store }: Context, call: ClaimCall): Promise<Run[]> {
  const entries = await store.listClaimed(call.sessionId);
  const ids = entries.filter((entry) => entry.claimId === call.claimId).map(({ runId }) => runId);
  const runs = await store.readRuns(ids);
  return runs.filter(
    ({ claim: held }) => held?.sessionId === call.sessionId && held.claimId === call.claimId,
  );
}
