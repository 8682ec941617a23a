import { lastClaimant, type Run } from '../../model/runs/run.ts';
import { toldName } from '../../model/runs/worker-name.ts';
import { rawSessionOf, type Session } from '../../model/sessions.ts';
import type { Context } from '../context.ts';
import type { KnownRun } from '../known-runs.ts';
import { isLiveWorker, liveWorker } from '../sessions/live-worker.ts';
import type { Proposer } from '../states/fence.ts';
import { type Identity, tokenFor } from './identity.ts';

/**
 * Who would hold `run` if this caller claimed it. A worker's engine sends its name also about other
 * runs, which its flow cancels or resumes: there it is a user. But a subflow that it called it executes
 * itself, and says so under the name of the flow that called.
 */
export async function callerOf(
  { store }: Pick<Context, 'store'>,
  run: Run,
  poolId: string | undefined,
  identity: Identity,
): Promise<Proposer> {
  const token = tokenFor(run.id, identity);
  if (token !== 'none') return { kind: 'token', token };
  const { workerName: name } = identity;
  if (!name || (isOfAnotherFlow(run, identity) && !isOwnSubflow(run, name)))
    return { kind: 'user', sessionId: sharedSession(run, poolId) };
  const live = poolId ? await liveWorker(store, poolId, name) : undefined;
  return {
    kind: 'worker',
    name,
    sessionId: live?.id ?? rawSessionOf(poolId, name),
    draining: live?.draining != null,
  };
}

/**
 * The same for a caller without a token, from what is remembered: whom a plain write is made for.
 * undefined: its session is not known yet, or the run waits in no pool.
 */
export async function callerByName(
  { store }: Context,
  facts: KnownRun,
  identity: Identity,
): Promise<{ session: Session; poolName: string } | undefined> {
  const place = facts.queueId ? await store.readQueuePlace(facts.queueId) : undefined;
  if (!place) return undefined;
  const { poolId, poolName } = place;
  const name = isOfAnotherFlow(facts, identity) ? undefined : identity.workerName;
  const sessions = await store.listSessions(poolId, 'cached');
  const session = name
    ? sessions.find((one) => isLiveWorker(one) && one.workerName === name)
    : sessions.find(({ id }) => id === rawSessionOf(poolId, undefined));
  return session && { session, poolName };
}

/**
 * Callers without a name share one session per pool. Where the pool is not known any more, for the
 * run's queue was deleted, it is whichever session without a name holds the run.
 */
function sharedSession(run: Run, poolId: string | undefined): string {
  const nameless = run.claim && !lastClaimant(run)?.worker;
  const isDeleted = run.queueId !== undefined && poolId === undefined;
  return (isDeleted && nameless && run.claim?.sessionId) || rawSessionOf(poolId, undefined);
}

/** Of no queue, and in the hands of this worker: it was created by a flow that runs under it. */
const isOwnSubflow = (run: Run, workerName: string): boolean =>
  run.queueId === undefined && lastClaimant(run)?.worker === toldName(workerName);

/** It speaks for the flow that it comes from: about a run of another one, its process is a user. */
function isOfAnotherFlow(run: KnownRun, identity: Identity): boolean {
  const { flowId = run.flowId, deploymentId = run.deploymentId } = identity;
  return flowId !== run.flowId || deploymentId !== run.deploymentId;
}
