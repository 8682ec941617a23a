import type { Guard, Holding } from '../../model/runs/claim-store.ts';
import type { Run } from '../../model/runs/run.ts';
import {
  CLAIMABLE,
  defaultName,
  isFinal,
  isPending,
  type StateType,
} from '../../model/runs/state.ts';
import type { Transition } from '../../model/runs/transition.ts';
import { toldWorker } from '../../model/runs/worker-name.ts';
import { runNotFound } from '../../model/values/errors.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { type KnownRun, knownOf } from '../known-runs.ts';
import { readView } from '../pools/pool-view.ts';
import { type Proposal, proposedState } from '../states/proposal.ts';
import { blindClaim, blindTransition, tellClaim } from '../states/transition.ts';
import { callerByName } from './callers.ts';
import { tokenFor } from './identity.ts';
import type { Outcome, SetState } from './outcome.ts';

/**
 * Writes first and reads only on a conflict: if the answer is a plain ACCEPT under some condition,
 * the proposal is written at once on that condition.
 *
 * | the caller                  | proposes                               | on condition that          |
 * |-----------------------------|----------------------------------------|----------------------------|
 * | sends a claim token         | a state in PLAIN (below)               | this claim is current      |
 * | sends a worker's name, or   | a state in PLAIN, for a run that this  | the caller's session holds |
 * |   no name (Prefect's path)  |   process knows                        |   the run                  |
 * |                             | PENDING, where no limit applies        | no session holds the run   |
 *
 * @returns the outcome; `undefined` if this is no plain case and nothing was tried; `run` if the
 *   condition was not met: the run as it is, on which the caller then decides
 */
export async function writePlainly(
  context: Context,
  call: SetState,
  proposal: Proposal,
): Promise<Outcome | { readonly run: Run } | undefined> {
  if (proposal.force || call.onlyFrom) return undefined;
  const token = tokenFor(call.runId, call.identity);
  if (token !== 'none') {
    const { attempt, secret } = token;
    return writeAsHolder(context, call.runId, proposal, { kind: 'claim', attempt, secret });
  }
  const facts = knownOf(context, call.runId);
  if (!facts) return undefined;
  const isClaim = isPending(proposal.type) && proposal.name === defaultName(proposal.type);
  if (!isClaim && !PLAIN[proposal.type]) return undefined;
  const caller = await callerByName(context, facts, call.identity);
  if (!caller) return undefined;
  if (isClaim) return claimPlainly(context, proposal, { runId: call.runId, ...facts }, caller);
  const { id: sessionId } = caller.session;
  return writeAsHolder(context, call.runId, proposal, { kind: 'session', sessionId });
}

async function writeAsHolder(
  context: Context,
  runId: string,
  proposal: Proposal,
  by: Holding,
): Promise<Outcome | { run: Run } | undefined> {
  const plain = PLAIN[proposal.type];
  if (!plain) return undefined;
  const now = context.now();
  return write(context, blindTransition(runId, proposedState(proposal, now)), {
    kind: 'plain',
    from: plain.from,
    by,
    ...(plain.whenDue ? { dueBy: now } : {}),
    ...(plain.noRetryLeft ? { noRetryLeft: true } : {}),
    ends: isFinal(proposal.type),
  });
}

type CallerByName = NonNullable<Awaited<ReturnType<typeof callerByName>>>;

/**
 * Claims a run on Prefect's path. The condition is the same as in store/claims/claim.ts, except
 * that the run need not be due yet, because workers claim some seconds ahead of time. Where a limit
 * applies the claim needs a slot, so it is not written here.
 */
async function claimPlainly(
  context: Context,
  proposal: Proposal,
  { runId, queueId, deploymentId }: KnownRun & { readonly runId: string },
  caller: CallerByName,
): Promise<Outcome | { run: Run } | undefined> {
  const { session } = caller;
  if (!queueId || !deploymentId || session.draining) return undefined;
  const goodUntil = await unlimitedUntil(context, caller, { queueId, deploymentId });
  if (goodUntil === undefined) return undefined;
  const now = context.now();
  const claim = { sessionId: session.id, secret: context.newSecret(), claimId: context.newId() };
  const told = session.workerName ? { ...toldWorker(session.workerName), byName: true } : {};
  const state = { ...proposedState(proposal, now), ...told };
  return write(context, blindClaim(runId, state, claim), {
    kind: 'plain',
    from: [CLAIMABLE],
    by: { kind: 'nobody', queueId, deploymentId, at: now },
    ends: false,
    within: goodUntil + NUMBERS.claimWriteLasts - now,
  });
}

/**
 * The time until which the write of an unlimited claim may begin; `undefined` if a limit applies.
 */
async function unlimitedUntil(
  context: Context,
  { session, poolName }: CallerByName,
  { queueId, deploymentId }: { queueId: string; deploymentId: string },
): Promise<Instant | undefined> {
  const { pool, queues, goodUntil } = await readView(context, poolName, session.openedAt);
  const queue = queues.find(({ id }) => id === queueId);
  const limited =
    pool.concurrencyLimit !== null ||
    queue?.concurrencyLimit !== null ||
    queue.limited.includes(deploymentId);
  return limited ? undefined : goodUntil;
}

async function write(
  context: Context,
  transition: Transition,
  guard: Guard,
): Promise<Outcome | { run: Run }> {
  const written = await context.store.transition(transition, guard);
  if (written.done) {
    context.count('transitions', 1);
    tellClaim(context, transition);
    return { status: 'ACCEPT', state: transition.state, wrote: true };
  }
  if (!written.run) throw runNotFound();
  return { run: written.run };
}

/**
 * The proposals of a holder that are a plain ACCEPT from these states and under these conditions,
 * so that they are written without a read. For everything else the run is read and the rules
 * decide. This includes giving a run back, which needs the run's queue.
 */
const PLAIN: Readonly<Partial<Record<StateType, Plain>>> = {
  RUNNING: { from: ['PENDING', 'SCHEDULED'], whenDue: true },
  COMPLETED: { from: ['RUNNING'] },
  FAILED: { from: ['RUNNING'], noRetryLeft: true },
  CRASHED: { from: ['PENDING', 'RUNNING'] },
  CANCELLED: { from: ['CANCELLING'] },
};

interface Plain {
  readonly from: readonly StateType[];
  /** Only at or after the scheduled time. */
  readonly whenDue?: true;
  /** Only if the run has no retries left. */
  readonly noRetryLeft?: true;
}
