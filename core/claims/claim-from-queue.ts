import { type Scope, scopesOf } from '../../model/limits.ts';
import type { WorkPool, WorkQueue } from '../../model/pools.ts';
import type { ReadyEntry } from '../../model/runs/dispatch-store.ts';
import type { Claim, Run, RunState } from '../../model/runs/run.ts';
import { defaultName, type StateType } from '../../model/runs/state.ts';
import { toldWorker } from '../../model/runs/worker-name.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { deal } from '../dispatch/deck.ts';
import { isLate, skipIfTooLate } from '../dispatch/too-late.ts';
import { type Turned, turnAway } from '../dispatch/turn-away.ts';
import { tellFailures } from '../failures.ts';
import type { FreeSlots } from '../limits/free-slots.ts';

/** The runs that one claim call has won so far, and how many it has lost to others. */
export interface Taken {
  readonly runs: Run[];
  lost: number;
}

interface ClaimingFrom {
  readonly pool: WorkPool;
  readonly queue: WorkQueue;
  readonly call: ClaimCall;
  /** No claim write starts later than this. */
  readonly until: Instant;
  readonly freeSlots: FreeSlots;
  /**
   * Whether this call visits the queue for the first time. A later visit continues behind the runs
   * that were turned away.
   */
  readonly anew: boolean;
}

/** The result of one try: won, turned away by a full limit, or (with neither field) lost. */
interface Try {
  readonly won?: Run;
  readonly away?: Turned;
}

const LOST: Try = {};

/**
 * Tries one deal of candidates after another from one queue, until the call has enough runs, the
 * queue has no more, a limit is full, or time is up.
 */
export async function claimFrom(
  context: Context,
  from: ClaimingFrom,
  taken: Taken,
): Promise<'done' | 'pool full' | 'time is up'> {
  const { queue, call, until, freeSlots, anew } = from;
  const turned: Turned[] = [];
  try {
    for (let deals = 0, first = anew; deals < NUMBERS.dealsPerQueue; first = false) {
      const full = await fullScope(from);
      if (full) return full === 'pool' ? 'pool full' : 'done';
      const wanted = call.limit - taken.runs.length;
      if (wanted <= 0) return 'done';
      if (context.now() >= until) return 'time is up';
      const { candidates, last } = await deal(context, { queue, wanted, freeSlots, first });
      const tries = await tryAll(context, from, candidates);
      const won = tries.flatMap((one) => one.won ?? []);
      const away = tries.flatMap((one) => one.away ?? []);
      taken.runs.push(...won);
      taken.lost += tries.length - won.length - away.length;
      turned.push(...away);
      // A deal whose runs were all turned away cost nothing and does not count: behind them there
      // may be a run that no limit holds back.
      if (tries.length > away.length) deals += 1;
      if (last) return 'done';
    }
    return 'done';
  } finally {
    await turnAway(context, queue, turned);
  }
}

async function fullScope({ pool, queue, freeSlots }: ClaimingFrom) {
  for (const [scope, limit] of [
    [{ kind: 'pool', id: pool.id }, pool.concurrencyLimit],
    [{ kind: 'queue', id: queue.id }, queue.concurrencyLimit],
  ] as const) {
    if (limit !== null && (await freeSlots.room(scope)) === 0) return scope.kind;
  }
  return undefined;
}

/**
 * Tries all candidates of a batch at once. Runs under limits are tried one after the other, because
 * transactions that check the same limit would only conflict. If the database does not answer for
 * one write, the others still count. If that unanswered write did happen, the agent's next
 * heartbeat reports the run as `unknown`.
 */
async function tryAll(
  context: Context,
  from: ClaimingFrom,
  batch: readonly ReadyEntry[],
): Promise<Try[]> {
  let before: Promise<unknown> = Promise.resolve();
  const tries = batch.map((entry) => {
    const scopes = scopesInView(from, entry);
    if (scopes.length === 0) return tryOne(context, from, entry, []);
    const after = before;
    const mine = after.then(() => tryOne(context, from, entry, scopes));
    before = mine.catch(() => undefined);
    return mine;
  });
  const results = await Promise.allSettled(tries);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed && results.every((result) => result.status === 'rejected')) throw failed.reason;
  tellFailures(context, 'claim_failures', results);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** The scopes of a run that have a limit, according to the records that this call has read. */
function scopesInView({ pool, queue }: ClaimingFrom, { deploymentId }: ReadyEntry): Scope[] {
  const limited = deploymentId !== undefined && queue.limited.includes(deploymentId);
  return scopesOf({
    poolId: pool.concurrencyLimit === null ? undefined : pool.id,
    queueId: queue.concurrencyLimit === null ? undefined : queue.id,
    deploymentId: limited ? deploymentId : undefined,
  });
}

async function tryOne(
  context: Context,
  { call, until, freeSlots }: ClaimingFrom,
  entry: ReadyEntry,
  scopes: readonly Scope[],
): Promise<Try> {
  const type: StateType = call.start ? 'RUNNING' : 'PENDING';
  const secret = context.newSecret();
  const mine: Claim = { sessionId: call.sessionId, claimId: call.claimId, secret };
  let evenLate = false;
  for (let tries = 0; tries < NUMBERS.slotTries && context.now() < until; tries++) {
    const admitted = await freeSlots.take(scopes);
    if ('full' in admitted) return { away: { entry, ...admitted } };
    const { takes } = admitted;
    const now = context.now();
    const state: RunState = {
      id: context.newId(),
      type,
      name: defaultName(type),
      at: now,
      claimedBy: call.sessionId,
      ...toldWorker(call.workerName),
    };
    const { runId, attempts } = entry;
    const deadline = until + NUMBERS.claimWriteLasts;
    const claiming = { runId, claim: mine, state, takes, attempts, now, deadline, evenLate };
    const written = await context.store.claim(claiming);
    if (written.won) {
      const waited = now - entry.at;
      context.tell({ runId, sessionId: call.sessionId, worker: call.workerName, waited });
      return { won: written.run };
    }
    // The condition failed because of the very token that this call wrote: the response to the
    // first write was lost and the SDK sent the write again. This call won.
    if (written.run?.claim?.secret === secret) return { won: written.run };
    if (!evenLate && written.run && isLate(written.run, now)) {
      await freeSlots.putBack(takes);
      if (await skipIfTooLate(context, written.run)) return LOST;
      evenLate = true;
    } else if (!written.slotsChanged) {
      await freeSlots.putBack(takes);
      return LOST;
    } else freeSlots.forget(takes);
  }
  return LOST;
}

export interface ClaimCall {
  readonly poolName: string;
  readonly sessionId: string;
  readonly workerName: string;
  readonly claimId: string;
  /** The maximum number of runs. */
  readonly limit: number;
  /** If given, runs are claimed from these queues only. */
  readonly queueNames?: readonly string[];
  /** Whether claimed runs go straight to RUNNING instead of PENDING. */
  readonly start: boolean;
  /** The response to this claimId was lost: return the same runs again and claim no new ones. */
  readonly repeat: boolean;
}
