import { lastClaimant, type Run } from '../../model/runs/run.ts';
import { isWorkerName } from '../../model/runs/worker-name.ts';
import { rawSessionOf, type Session } from '../../model/sessions.ts';
import type { Context } from '../context.ts';
import type { KnownRun } from '../known-runs.ts';
import { isLiveWorker, liveWorker } from '../sessions/live-worker.ts';
import type { Proposer } from '../states/fence.ts';
import { type Identity, tokenFor } from './identity.ts';

/**
 * Returns the proposer that would hold `run` if this caller claimed it. The engine of a worker also
 * sends the worker's name in requests about other runs that its flow cancels or resumes; for those
 * it counts as a user. The exception is a subflow: the engine executes it itself, while its
 * requests name the parent's flow, so for the subflow's run it counts as the worker.
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
 * The same for a caller without a token, from remembered facts only: the session on whose behalf a
 * write without a read is made. `undefined`: the session is not known yet, or the run belongs to no
 * pool.
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
 * The session that callers without a name share, one per pool. If the run's queue was deleted, the
 * pool is unknown; then it is the nameless session that holds the run, if there is one.
 */
function sharedSession(run: Run, poolId: string | undefined): string {
  const nameless = run.claim && !lastClaimant(run)?.worker;
  const isDeleted = run.queueId !== undefined && poolId === undefined;
  return (isDeleted && nameless && run.claim?.sessionId) || rawSessionOf(poolId, undefined);
}

/**
 * Whether the run is a subflow of a flow that this worker executes: it has no queue, and this
 * worker claimed it last.
 */
const isOwnSubflow = (run: Run, workerName: string): boolean =>
  run.queueId === undefined && isWorkerName(lastClaimant(run), workerName);

/**
 * Whether the request comes from another flow's process than the run's. The headers name the flow
 * that sends the request; about a run of another flow, its process counts as a user.
 */
function isOfAnotherFlow(run: KnownRun, identity: Identity): boolean {
  const { flowId = run.flowId, deploymentId = run.deploymentId } = identity;
  return flowId !== run.flowId || deploymentId !== run.deploymentId;
}
