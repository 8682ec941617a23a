import type { Updated } from '../../model/runs/claim-store.ts';
import { currentState, type Run } from '../../model/runs/run.ts';
import { isPaused } from '../../model/runs/state.ts';
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
import { forgetAnswers } from './forget-answers.ts';
import type { Outcome, SetState } from './outcome.ts';
import { writePlainly } from './plain-writes.ts';

/**
 * Proposes a run's state: it is written if the rules (core/states/rules.ts) and the fence (core/states/fence.ts)
 * allow it.
 *
 *   plain case:              1 conditional write, no read               (plain-writes.ts)
 *   any other case:          read -> decide -> write, on condition of the state that was read
 *   condition not met:       the write returned the item -> decide -> write
 *   own write sent again:    the item has the proposal's state id -> same answer as before
 *
 * @throws DibsError flow_run_not_found; claim_lost with the current holder; too_busy if the run
 *   kept changing during the request
 */
export async function proposeState(context: Context, call: SetState): Promise<Outcome> {
  const { store } = context;
  const { data, message = '' } = call.state;
  // Large parts are stored beside the run before the run is read. So make sure that the run exists.
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
    // Another claim took the slot; the run itself has not changed.
    if (!answer.slotsChanged) run = answer.run;
  }
  throw new DibsError('too_busy', 'The run kept changing while its state was being decided.');
}

type Lost = Extract<Updated, { done: false }>;

/**
 * Decides on the run as it was read and writes the decision; `Lost` if the run has changed since.
 */
async function decideOn(
  context: Context,
  { run, poolId }: { run: Run; poolId: string | undefined },
  proposal: Proposal,
  { identity, onlyFrom }: SetState,
): Promise<Outcome | Lost> {
  if (onlyFrom && onlyFrom !== run.stateId && !isKnown(run, proposal.stateId)) {
    const state = currentState(run);
    return { status: 'ABORT', reason: `It is ${state.name} now.`, run, state, wrote: false };
  }
  const caller = await callerOf(context, run, poolId, identity);
  const decision = decide(run, proposal, caller, { ...context, now: context.now() });
  if (decision.kind === 'claimLost') throw await claimLost(context, run);
  if (decision.kind === 'replay') {
    // A server-generated id that the run already has: this call wrote it, and the response was
    // lost.
    const wrote = !proposal.hasTransitionId;
    return { status: decision.status, run, state: decision.state, wrote };
  }
  if (decision.kind === 'refuse') {
    return { ...decision.verdict, run, state: currentState(run), wrote: false };
  }
  const admitted = await beginClaim(context, { run, poolId, caller }, decision);
  if (admitted.kind === 'turned away') return { ...admitted.verdict, run, wrote: false };
  const { transition, verdict, guard } = admitted;
  const { state } = transition;
  if (isPaused(state.type) && !proposal.force) await forgetAnswers(context, run.id, state);
  const until = pausedUntil(state);
  if (until !== undefined) await context.store.notePause({ runId: run.id, until });
  const written = await context.store.transition(transition, guard);
  if (!written.done) return written;
  context.count('transitions', 1);
  tellClaim(context, transition);
  return { ...verdict, run, state, wrote: true };
}
