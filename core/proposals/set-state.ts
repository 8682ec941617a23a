import type { Updated } from '../../model/runs/claim-store.ts';
import { currentState, type Run } from '../../model/runs/run.ts';
import { DibsError, runNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { remember } from '../known-runs.ts';
import { decide } from '../states/decide.ts';
import { pausedUntil } from '../states/pauses.ts';
import { type Proposal, toProposal } from '../states/proposal.ts';
import { isKnown } from '../states/replay.ts';
import { tellClaim } from '../states/transition.ts';
import { beginClaim } from './begin-claim.ts';
import { callerOf } from './callers.ts';
import { claimLost } from './claim-lost.ts';
import type { Outcome, SetState } from './outcome.ts';
import { writePlainly } from './plain-writes.ts';

/**
 * Moves a run on, if the rules and the fence allow it.
 *
 *   plain case:                 1 conditional write, no read         (plain-writes.ts)
 *   anything else:              read -> decide -> write on the state read
 *   lost a condition:           the write brought the item -> decide -> write
 *   own write sent again:       the item shows its state's id -> answered as it was
 *
 * @throws DibsError flow_run_not_found; claim_lost with the present holder; too_busy when the run
 *   kept changing under our hands
 */
export async function setState(context: Context, call: SetState): Promise<Outcome> {
  const { store } = context;
  const { data, message = '' } = call.state;
  // What is large is stored beside the run before the run is looked at: not beside one that is not.
  const large = Math.max(data?.bytes ?? 0, message.length) > NUMBERS.inlineBytes;
  if (large && !(await store.readRun(call.runId))) throw runNotFound();
  const proposal = await toProposal(context, { runId: call.runId }, call.state, call.force);
  const blind = await writePlainly(context, call, proposal);
  if (blind && 'status' in blind) return blind;

  let run = blind?.run ?? (await store.readRun(call.runId));
  if (run) remember(context, run);
  const place = run?.queueId ? await store.readQueuePlace(run.queueId) : undefined;
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    if (!run) throw runNotFound();
    const answer = await decideOn(context, { run, poolId: place?.poolId }, proposal, call);
    if ('status' in answer) return answer;
    context.count('decided_again', 1);
    // A slot went to another: the run is as it was.
    if (!answer.slotsChanged) run = answer.run;
  }
  throw new DibsError('too_busy', 'The run kept changing while its state was being decided.');
}

type Lost = Extract<Updated, { done: false }>;

/** Decides on the run as it was read, and writes that; lost where it is not so any more. */
async function decideOn(
  context: Context,
  { run, poolId }: { run: Run; poolId: string | undefined },
  proposal: Proposal,
  { identity, onlyFrom }: SetState,
): Promise<Outcome | Lost> {
  if (onlyFrom && onlyFrom !== run.stateId && !isKnown(run, proposal.stateId)) {
    const state = currentState(run);
    return { status: 'ABORT', reason: `It is ${state.name} by now.`, run, state, wrote: false };
  }
  const caller = await callerOf(context, run, poolId, identity);
  const decision = decide(run, proposal, caller, { ...context, now: context.now() });
  if (decision.kind === 'claimLost') throw await claimLost(context, run);
  if (decision.kind === 'replay') {
    // An id of our own that is there already: this call wrote it, and the reply was lost.
    const wrote = !proposal.hasTransitionId;
    return { status: decision.status, run, state: decision.state, wrote };
  }
  if (decision.kind === 'refuse') {
    return { ...decision.verdict, run, state: currentState(run), wrote: false };
  }
  const admitted = await beginClaim(context, { run, poolId, caller }, decision);
  if (admitted.kind === 'turned away') return { ...admitted.verdict, run, wrote: false };
  const { transition, verdict, guard } = admitted;
  const until = pausedUntil(transition.state);
  if (until !== undefined) await context.store.notePause({ runId: run.id, until });
  const written = await context.store.transition(transition, guard);
  if (!written.done) return written;
  context.count('transitions', 1);
  tellClaim(context, transition);
  return { ...verdict, run, state: transition.state, wrote: true };
}
