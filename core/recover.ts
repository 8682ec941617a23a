import type { Context } from './context.ts';
import { type Instant, toIso } from './instant.ts';
import { LIMITS } from './limits.ts';
import type { Session, WorkPool } from './records.ts';
import { currentState, type Run, type RunState } from './run.ts';
import { defaultName, isCancelling, isPending, STATE_NAME } from './state.ts';
import type { ClaimedEntry, Guard } from './store.ts';
import { decidedTransition } from './transition.ts';

/**
 * What becomes of a claim, when its session is dead or nothing is heard of it:
 *
 * | the claim's run is           | agent dead | Prefect worker OFFLINE    | nobody sees its claimant  |
 * |------------------------------|------------|---------------------------|---------------------------|
 * | PENDING, nothing followed    | policy     | requeued, also after      | requeued after 2 min      |
 * |                              |            | 2 min while it lives      |                           |
 * | PENDING, being prepared      | policy     | requeued, also after the  | requeued after the pool's |
 * |                              |            | pool's pendingTimeout     | pendingTimeout            |
 * | RUNNING, PAUSED, or waiting  | policy     | kept; requeued if the     | kept                      |
 * |   for a retry in its process |            | pool wants it             |                           |
 * | CANCELLING                   | CANCELLED  | CANCELLED                 | CANCELLED after 5 min     |
 *
 * CANCELLING for 5 min is CANCELLED whoever lives. The policy is the pool's: requeue, fail or crash;
 * a run that lost maxLosses sessions is CRASHED, for it would go on killing them. Each is one write on
 * condition that this session holds the run still and that its state is the one read: so of two
 * sweeps, of a sweep and a late finish, of a sweep and a cancel, one wins, and the other finds the run
 * in a state that is none of its business any more.
 */
type Fate =
  | { readonly kind: 'keep' }
  | { readonly kind: 'cancel'; readonly why: string }
  | { readonly kind: 'requeue' | 'fail' | 'crash'; readonly why: string }
  | { readonly kind: 'idle'; readonly why: string };

export interface Sweeping {
  readonly pool: WorkPool;
  readonly session: Session;
}

const KEEP: Fate = { kind: 'keep' };

function fateOf(run: Run, { pool, session }: Sweeping, at: Instant): Fate {
  const { name: state, at: since } = currentState(run);
  const who = session.workerName ? `"${session.workerName}"` : 'its claimant';
  const dead = session.endedAt !== null;
  if (isCancelling(run.stateType)) {
    if (dead) return { kind: 'cancel', why: `Agent ${who} died while it was to stop the run.` };
    return at - since > LIMITS.cancelWithin
      ? { kind: 'cancel', why: `Agent ${who} did not stop the run within 5 minutes.` }
      : KEEP;
  }
  if (dead) {
    const why = `Agent ${who} fell silent, and its session ended ${toIso(session.endedAt ?? 0)}.`;
    if (session.kind === 'agent') return { kind: pool.recovery.onLoss, why };
    const preparing = isPending(run.stateType);
    return preparing || pool.recovery.prefectRunning === 'requeue'
      ? { kind: 'requeue', why }
      : KEEP;
  }
  if (session.kind === 'agent' || !isPending(run.stateType)) return KEEP;
  const { pendingTimeout } = pool.recovery;
  if (!isFollowedUp(run)) {
    return at - since > LIMITS.claimIdle
      ? { kind: 'idle', why: `Nothing followed the claim by ${who} for 2 minutes.` }
      : KEEP;
  }
  return pendingTimeout !== null && at - since > pendingTimeout
    ? { kind: 'idle', why: `${state} under ${who} for longer than the pool's pending_timeout.` }
    : KEEP;
}

/** Renamed (Submitting), or patched (labels, pid) since it was claimed. */
function isFollowedUp(run: Run): boolean {
  const { claimedBy, at } = currentState(run);
  return claimedBy === undefined || (run.patchedAt ?? 0) >= at;
}

/** Looks after what the index says a session holds. Gives how many claims it still holds after it. */
export async function recoverClaims(
  context: Context,
  sweeping: Sweeping,
  entries: readonly ClaimedEntry[],
): Promise<number> {
  const { store } = context;
  let kept = 0;
  for (let i = 0; i < entries.length; i += LIMITS.recoverAtOnce) {
    const ids = entries.slice(i, i + LIMITS.recoverAtOnce).map(({ runId }) => runId);
    const runs = await store.readRuns(ids);
    const results = await Promise.allSettled(
      runs.map((run) => recoverClaim(context, sweeping, run)),
    );
    // One that cannot be recovered must not keep the others from it.
    const failed = results.filter(({ status }) => status === 'rejected').length;
    context.count('recovery_failures', failed);
    kept += failed + results.filter((one) => 'value' in one && one.value === 'held').length;
  }
  return kept;
}

async function recoverClaim(
  context: Context,
  sweeping: Sweeping,
  found: Run,
): Promise<'held' | 'over'> {
  let run: Run | undefined = found;
  for (let tries = 0; tries < LIMITS.decisions; tries++) {
    if (run?.claim?.sessionId !== sweeping.session.id) return 'over';
    const at = context.now();
    const fate = fateOf(run, sweeping, at);
    if (fate.kind === 'keep') return 'held';
    const loss = fate.kind !== 'idle' && fate.kind !== 'cancel';
    const state = stateOf(run, fate, sweeping, { id: context.newId(), at });
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

function stateOf(
  run: Run,
  fate: Exclude<Fate, { kind: 'keep' }>,
  { pool }: Sweeping,
  fresh: { id: string; at: Instant },
): RunState {
  const told = (why: string) => ({ message: { text: why } });
  if (fate.kind === 'cancel') {
    return { ...fresh, ...told(fate.why), ...named('CANCELLED'), cause: 'lost' };
  }
  // It waits where it waited before, not behind those that came since.
  const scheduledAt = run.scheduledAt ?? fresh.at;
  const again = { type: 'SCHEDULED', name: STATE_NAME.rescheduled, scheduledAt } as const;
  if (fate.kind === 'idle') return { ...fresh, ...told(fate.why), ...again, cause: 'idle' };
  const losses = run.losses + 1;
  const { maxLosses } = pool.recovery;
  const why = `${fate.why} Loss ${losses} of ${maxLosses}.`;
  const lost = { ...fresh, ...told(why), cause: 'lost' } as const;
  if (fate.kind === 'fail') return { ...lost, ...named('FAILED') };
  const ends = fate.kind === 'crash' || losses >= maxLosses || !run.queueId;
  return ends ? { ...lost, ...named('CRASHED') } : { ...lost, ...again };
}

const named = <Type extends RunState['type']>(type: Type) => ({ type, name: defaultName(type) });
