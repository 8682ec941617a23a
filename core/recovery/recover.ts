import { DEFAULT_RECOVERY, type WorkPool } from '../../model/pools.ts';
import type { Guard } from '../../model/runs/claim-store.ts';
import type { ClaimedEntry } from '../../model/runs/dispatch-store.ts';
import { currentState, lastClaimant, type Run, type RunState } from '../../model/runs/run.ts';
import { defaultName, isCancelling, isPending, STATE_NAME } from '../../model/runs/state.ts';
import { NO_POOL, rawSession, type Session } from '../../model/sessions.ts';
import { type Instant, toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import { tellFailures } from '../failures.ts';
import { ofPool } from '../pools/is-of-pool.ts';
import { decidedTransition } from '../states/transition.ts';

/**
 * What happens to a claim whose session is dead, or whose claimant shows no sign of working on it:
 *
 * | the claim's run is           | agent dead | Prefect worker OFFLINE   | claimant w/o heartbeats  |
 * |------------------------------|------------|--------------------------|--------------------------|
 * | PENDING, no sign of work     | policy     | requeued; also after     | requeued after 2 min     |
 * |   since the claim            |            | 2 min while it is ONLINE |                          |
 * | PENDING, being prepared      | policy     | requeued; also after the | requeued after pool's    |
 * |                              |            | pool's pendingTimeout    | pendingTimeout           |
 * |                              |            | while it is ONLINE       |                          |
 * | RUNNING, PAUSED, or waiting  | policy     | kept; requeued if the    | kept                     |
 * |   for a retry in its process |            | pool is set to do so     |                          |
 * | CANCELLING                   | CANCELLED  | CANCELLED                | CANCELLED after 5 min    |
 *
 * If the run's queue was deleted (core/pools/delete-queue.ts), a run that would be requeued is
 * CRASHED. A run that is CANCELLING for 5 min becomes CANCELLED, whether its holder is alive or
 * not. The policy is the pool's: requeue, fail or crash. A run whose claims ended with maxLosses
 * dead sessions is CRASHED, because it would probably kill the next ones too. Each change is one
 * write, on condition that this session still holds the run and that the run is in the state that
 * was read. So of two sweeps, or of a sweep and a late finish, or of a sweep and a cancel, exactly
 * one wins; the other finds the run in a state that it no longer has to change.
 */
type Fate =
  | { readonly kind: 'keep' }
  | { readonly kind: 'cancel'; readonly why: string }
  | { readonly kind: 'requeue' | 'fail' | 'crash'; readonly why: string }
  | { readonly kind: 'idle'; readonly why: string };

interface Sweeping {
  readonly pool: Pick<WorkPool, 'recovery'>;
  readonly session: Session;
}

/** The session of a pool: only what it holds in this pool is recovered. */
interface SweepingPool extends Sweeping {
  readonly pool: Pick<WorkPool, 'id' | 'recovery'>;
}

const KEEP: Fate = { kind: 'keep' };

function fateOf(run: Run, sweeping: Sweeping, at: Instant): Fate {
  const { session } = sweeping;
  const who = session.workerName ? `Agent "${session.workerName}"` : 'The claimant';
  if (isCancelling(run.stateType)) return fateOfCancelled(run, session, who, at);
  if (session.endedAt !== null) return fateOfLost(run, sweeping, who, session.endedAt);
  return session.kind === 'agent' ? KEEP : fateOfIdle(run, sweeping, who, at);
}

function fateOfCancelled(run: Run, session: Session, who: string, at: Instant): Fate {
  if (session.endedAt !== null) {
    return { kind: 'cancel', why: `${who} died before it stopped the run.` };
  }
  return at - currentState(run).at > NUMBERS.cancelWithin
    ? { kind: 'cancel', why: `${who} did not stop the run within 5 minutes.` }
    : KEEP;
}

function fateOfLost(run: Run, { pool, session }: Sweeping, who: string, endedAt: Instant): Fate {
  const why = `${who} fell silent, and its session ended at ${toIso(endedAt)}.`;
  if (session.kind === 'agent') return { kind: pool.recovery.onLoss, why };
  const requeued = isPending(run.stateType) || pool.recovery.prefectRunning === 'requeue';
  return requeued ? { kind: 'requeue', why } : KEEP;
}

/**
 * The fate of a claim by a caller without heartbeats, or by a live worker that may have forgotten
 * it.
 */
function fateOfIdle(run: Run, { pool }: Sweeping, who: string, at: Instant): Fate {
  const { name: state, at: since } = currentState(run);
  // A flow that was called by hand: no other process would ever claim its run.
  const byHand = !run.queueId && !run.deploymentId;
  if (!isPending(run.stateType) || byHand) return KEEP;
  const { pendingTimeout } = pool.recovery;
  if (!isFollowedUp(run)) {
    return at - since > NUMBERS.claimIdle
      ? { kind: 'idle', why: `${who} did nothing with the run for 2 minutes after claiming it.` }
      : KEEP;
  }
  return pendingTimeout !== null && at - since > pendingTimeout
    ? {
        kind: 'idle',
        why: `${who} kept the run ${state} for longer than the pool's pending_timeout.`,
      }
    : KEEP;
}

/** Whether the run was renamed (Submitting) or patched (labels, pid) since it was claimed. */
function isFollowedUp(run: Run): boolean {
  const { claimedBy, at } = currentState(run);
  // Two Lambdas with different clocks may have written these times.
  return claimedBy === undefined || (run.patchedAt ?? 0) + NUMBERS.clockSkew >= at;
}

/**
 * Recovers the runs that a session holds according to the index.
 * @returns how many claims the session still holds afterwards
 */
export async function recoverClaims(
  context: Context,
  sweeping: SweepingPool,
  entries: readonly ClaimedEntry[],
): Promise<number> {
  const { store } = context;
  let kept = 0;
  for (const some of inBatches(entries, NUMBERS.recoverAtOnce)) {
    const found = await store.readRuns(some.map(({ runId }) => runId));
    const runs = await ofPool(context, sweeping.pool.id, found);
    const results = await Promise.allSettled(
      runs.map((run) => recoverClaim(context, sweeping, run)),
    );
    // A run that cannot be recovered must not keep the others from being recovered.
    const failed = tellFailures(context, 'recovery_failures', results);
    kept += failed + results.filter((one) => 'value' in one && one.value === 'held').length;
  }
  return kept;
}

/**
 * The same for runs that belong to no pool. There is no session record, so one is made up per run.
 */
export async function recoverByHand(context: Context, ids: readonly string[]): Promise<void> {
  for (const some of inBatches(ids, NUMBERS.recoverAtOnce)) {
    const runs = await context.store.readRuns(some);
    const results = await Promise.allSettled(
      runs.map((run) => {
        const raw = rawSession(NO_POOL, run.claim && lastClaimant(run)?.worker, 0);
        const session = { ...raw, id: run.claim?.sessionId ?? '' };
        return recoverClaim(context, { pool: { recovery: DEFAULT_RECOVERY }, session }, run);
      }),
    );
    tellFailures(context, 'recovery_failures', results);
  }
}

async function recoverClaim(
  context: Context,
  sweeping: Sweeping,
  found: Run,
): Promise<'held' | 'over'> {
  let run: Run | undefined = found;
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    if (run?.claim?.sessionId !== sweeping.session.id) return 'over';
    const at = context.now();
    const fate = fateOf(run, sweeping, at);
    if (fate.kind === 'keep') return 'held';
    const loss = fate.kind !== 'idle' && fate.kind !== 'cancel';
    const waits = await hasQueue(context, run, fate);
    const state = stateOf(run, fate, sweeping, { id: context.newId(), at, waits });
    const transition = decidedTransition(run, state, { kind: 'end' }, { loss });
    const guard: Guard = {
      kind: 'decided',
      run,
      heldBy: sweeping.session.id,
      ...(fate.kind === 'idle' ? { untouched: true } : {}),
    };
    const written = await context.store.transition(transition, guard);
    if (written.done) {
      context.count('recovered', 1);
      return 'over';
    }
    run = written.run;
  }
  return 'held';
}

/** Whether the run's queue exists. A lookup is made only if the run would return to that queue. */
async function hasQueue({ store }: Context, { queueId }: Run, { kind }: Fate): Promise<boolean> {
  if (!queueId) return false;
  const goesBack = kind === 'requeue' || kind === 'idle';
  return !goesBack || (await store.readQueuePlace(queueId)) !== undefined;
}

function stateOf(
  run: Run,
  fate: Exclude<Fate, { kind: 'keep' }>,
  { pool }: Sweeping,
  { waits, ...fresh }: { id: string; at: Instant; waits: boolean },
): RunState {
  const told = (why: string) => ({ message: { text: why } });
  if (fate.kind === 'cancel') {
    return { ...fresh, ...told(fate.why), ...named('CANCELLED'), cause: 'lost' };
  }
  // The run keeps its former place in the queue, and does not wait behind newer runs.
  const scheduledAt = run.scheduledAt ?? fresh.at;
  const again = { type: 'SCHEDULED', name: STATE_NAME.rescheduled, scheduledAt } as const;
  if (!waits && run.queueId) {
    const why = `${fate.why} Its work queue was deleted.`;
    return { ...fresh, ...told(why), ...named('CRASHED'), cause: causeOf(fate) };
  }
  if (fate.kind === 'idle') return { ...fresh, ...told(fate.why), ...again, cause: 'idle' };
  const losses = run.losses + 1;
  const { maxLosses } = pool.recovery;
  const why = `${fate.why} Loss ${losses} of ${maxLosses}.`;
  const lost = { ...fresh, ...told(why), cause: 'lost' } as const;
  if (fate.kind === 'fail') return { ...lost, ...named('FAILED') };
  const ends = fate.kind === 'crash' || losses >= maxLosses || !waits;
  return ends ? { ...lost, ...named('CRASHED') } : { ...lost, ...again };
}

const causeOf = ({ kind }: Fate) => (kind === 'idle' ? 'idle' : 'lost');

const named = <Type extends RunState['type']>(type: Type) => ({ type, name: defaultName(type) });
