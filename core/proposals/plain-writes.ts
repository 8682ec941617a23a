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
import { toldName } from '../../model/runs/worker-name.ts';
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
 * Write first, read only on conflict: where the answer would be a plain ACCEPT, the proposal is written
 * at once, on the condition under which it is one. What it takes to know that condition:
 *
 * | who proposes            | what                                  | on condition that            |
 * |-------------------------|---------------------------------------|------------------------------|
 * | a token's bearer        | PLAIN (below)                                | this claim is current        |
 * | a worker, or nobody by  | PLAIN, of a run this process knows    | its session holds it         |
 * |   name (Prefect's path) | PENDING, where no limit applies       | nobody holds it              |
 *
 * `undefined`: this is no plain case, nothing was tried. `run`: the condition was lost, and this is how
 * the run is; the decision is made on that.
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
 * A claim on Prefect's path: the same condition as store/claims/claim.ts, but whenever it is due: workers
 * claim some seconds ahead of time. Not where a limit applies: there it needs a slot.
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
  const told = session.workerName ? { worker: toldName(session.workerName), byName: true } : {};
  const state = { ...proposedState(proposal, now), ...told };
  return write(context, blindClaim(runId, state, claim), {
    kind: 'plain',
    from: [CLAIMABLE],
    by: { kind: 'nobody', queueId, deploymentId, at: now },
    ends: false,
    within: goodUntil + NUMBERS.claimWriteLasts - now,
  });
}

/** Until when a claim may begin to be written that knows of no limit; undefined where one applies. */
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
 * Where a token holder's proposal is a plain ACCEPT, so that it is written without a read: from these
 * states, and under these conditions. Everything else is read and decided. Give-backs are always
 * decided: they need the run's queue.
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
  /** Not before the scheduled time. */
  readonly whenDue?: true;
  /** Not where a retry is left to grant. */
  readonly noRetryLeft?: true;
}
