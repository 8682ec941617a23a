import { deal } from './candidates.ts';
import type { Context } from './context.ts';
import { DibsError, poolNotFound, queueNotFound } from './errors.ts';
import { type Instant, SECOND } from './instant.ts';
import { LIMITS } from './limits.ts';
import type { WorkPool, WorkQueue } from './records.ts';
import type { Claim, Run, RunState } from './run.ts';
import { defaultName, type StateType } from './state.ts';

export interface ClaimCall {
  readonly poolName: string;
  readonly sessionId: string;
  readonly claimId: string;
  /** How many runs at the most. */
  readonly limit: number;
  /** Only from these queues. */
  readonly queueNames?: readonly string[];
  /** Go straight to RUNNING. */
  readonly start: boolean;
  /** The reply to this claimId was lost: tell it again, claim nothing new. */
  readonly repeat: boolean;
}

export interface Claimed {
  readonly runs: readonly Run[];
  readonly leaseSeconds: number;
  /** Seconds until it is worth asking again: a hint. */
  readonly retryAfter: number;
}

/**
 * Agents A and B poll the same queue. Both are shown the same runs; each tries to claim what it was
 * shown, one conditional write per run. The database decides each write alone, in some order: the
 * first one finds nobody holding the run and wins, every later one finds a holder and loses.
 *
 *   0  the session, read consistently: absent or ended -> 410
 *   1  the pool's queues by priority, paused ones skipped
 *   2  candidates of a queue, from an index that may be seconds old (candidates.ts)
 *   3  one write per candidate, on condition that nobody holds it (store/claim.ts)
 *   4  lost: somebody else has it, next candidate
 *
 * @throws DibsError work_pool_not_found, work_queue_not_found, session_ended, unavailable
 */
export async function claim(context: Context, call: ClaimCall): Promise<Claimed> {
  const { store } = context;
  const pool = await store.readPool(call.poolName, 'cached');
  if (!pool) throw poolNotFound(call.poolName);
  const deadline = context.now() + LIMITS.claimWritesWithin;
  await assertSession(context, pool, call.sessionId);

  if (call.repeat) return answer(await claimedBefore(context, call), 0);
  if (pool.isPaused) return answer([], LIMITS.retryAfterPaused);

  const queues = selectQueues(pool, await store.listQueues(pool.id, 'cached'), call.queueNames);
  const taken: Taken = { runs: [], lost: 0 };
  try {
    for (const queue of queues) {
      await claimFrom(context, queue, call, deadline, taken);
      if (taken.runs.length >= call.limit) break;
    }
  } catch (error) {
    // What is won is held, whatever failed after it.
    if (taken.runs.length === 0) throw error;
  }
  context.count('claims', taken.runs.length);
  context.count('lost_conditions', taken.lost);
  if (taken.runs.length > 0) return answer(taken.runs, 0);
  return answer([], taken.lost > 0 ? LIMITS.retryAfterContended : LIMITS.retryAfterEmpty);
}

/** What one call has won and lost so far. */
interface Taken {
  readonly runs: Run[];
  lost: number;
}

const answer = (runs: readonly Run[], retryAfter: number): Claimed => ({
  runs,
  retryAfter,
  leaseSeconds: LIMITS.lease / SECOND,
});

async function assertSession({ store }: Context, pool: WorkPool, sessionId: string): Promise<void> {
  const session = await store.readSession(pool.id, sessionId);
  if (session && session.endedAt === null) return;
  throw new DibsError(
    'session_ended',
    session ? 'This session has ended.' : 'This session was never opened in this pool.',
    { hint: 'Stop what it started, then open a new session with a first heartbeat.' },
  );
}

function selectQueues(
  pool: WorkPool,
  queues: readonly WorkQueue[],
  names: readonly string[] | undefined,
): WorkQueue[] {
  const unknown = names?.find((name) => !queues.some((queue) => queue.name === name));
  if (unknown !== undefined) throw queueNotFound(pool.name, unknown);
  return queues.filter(
    (queue) => !queue.isPaused && (!names?.length || names.includes(queue.name)),
  );
}

/** Deal after deal of one queue, until enough is won, nothing is left, or time is up. */
async function claimFrom(
  context: Context,
  queue: WorkQueue,
  call: ClaimCall,
  deadline: Instant,
  taken: Taken,
): Promise<void> {
  for (let deals = 0; deals < LIMITS.dealsPerQueue; deals++) {
    const wanted = call.limit - taken.runs.length;
    if (wanted <= 0 || context.now() >= deadline) return;
    const { candidates, last } = await deal(context, queue, wanted);
    if (candidates.length > 0) {
      const won = await tryAll(context, candidates, call, deadline);
      taken.runs.push(...won);
      taken.lost += candidates.length - won.length;
    }
    if (last) return;
  }
}

/**
 * All of a batch at once. Where the database did not answer for one of them, the others still count:
 * the agent hears of an unanswered write that did happen as `unknown` in its next heartbeat.
 */
async function tryAll(
  context: Context,
  batch: readonly string[],
  call: ClaimCall,
  deadline: Instant,
): Promise<Run[]> {
  const tries = batch.map((runId) => tryOne(context, runId, call, deadline));
  const results = await Promise.allSettled(tries);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed && results.every((result) => result.status === 'rejected')) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' && result.value) || []);
}

async function tryOne(
  context: Context,
  runId: string,
  call: ClaimCall,
  deadline: Instant,
): Promise<Run | undefined> {
  const now = context.now();
  const type: StateType = call.start ? 'RUNNING' : 'PENDING';
  const state: RunState = {
    id: context.newId(),
    type,
    name: defaultName(type),
    at: now,
    claimedBy: call.sessionId,
  };
  const secret = context.newSecret();
  const mine: Claim = { sessionId: call.sessionId, claimId: call.claimId, secret };
  const written = await context.store.claim({ runId, claim: mine, state, now, deadline });
  if (written.won) return written.run;
  // The condition was lost to the very token I wrote: the reply of my own write got lost on its way,
  // and the SDK sent it again. It is mine.
  return written.run?.claim?.secret === secret ? written.run : undefined;
}

/** What the index shows for this claim id, confirmed by consistent reads. */
async function claimedBefore({ store }: Context, call: ClaimCall): Promise<Run[]> {
  const entries = await store.listClaimed(call.sessionId);
  const ids = entries.filter((entry) => entry.claimId === call.claimId).map(({ runId }) => runId);
  const runs = await store.readRuns(ids);
  return runs.filter(
    ({ claim: held }) => held?.sessionId === call.sessionId && held.claimId === call.claimId,
  );
}
