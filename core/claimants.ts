import { v5 } from 'uuid';
import { type ClaimToken, parseClaimToken } from './claim-token.ts';
import type { Context } from './context.ts';
import type { Caller } from './fence.ts';
import type { Instant } from './instant.ts';
import type { RunFacts } from './known-runs.ts';
import type { Session } from './records.ts';
import { lastClaimant, type Run } from './run.ts';
import type { Store } from './store.ts';
import { toldName } from './worker-name.ts';

/** How a caller of set_state showed itself. */
export interface Identity {
  /** From the body: it is meant for this very run. */
  readonly claimToken: string | undefined;
  /** From a header, which goes with every request of a process: it may be about another run. */
  readonly headerToken: string | undefined;
  /** X-Prefect-Worker-Name. */
  readonly workerName: string | undefined;
  /** X-Prefect-Flow-Id and -Deployment-Id: of the flow that the request comes from. */
  readonly flowId: string | undefined;
  readonly deploymentId: string | undefined;
}

/** A caller that says nothing of itself. */
export const NOBODY: Identity = {
  claimToken: undefined,
  headerToken: undefined,
  workerName: undefined,
  flowId: undefined,
  deploymentId: undefined,
};

/** The token an identity brings for this run; 'none' if it brings none. */
export function tokenFor(runId: string, identity: Identity): ClaimToken | 'none' {
  if (identity.claimToken !== undefined) {
    const token = parseClaimToken(identity.claimToken);
    // A token of another run, or none at all, proves nothing here: it is a lost claim.
    return token?.runId === runId ? token : { runId, attempt: 0, secret: '' };
  }
  const token = identity.headerToken ? parseClaimToken(identity.headerToken) : undefined;
  return token?.runId === runId ? token : 'none';
}

const NAMESPACE = '5f0e6ea2-6f0b-5d57-8f0f-7b5d3c1f4d11';
/** Whoever runs flows that wait in no pool. */
export const NO_POOL = v5('no pool', NAMESPACE);

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
): Promise<Caller> {
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
  facts: RunFacts,
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

/** The session of a Prefect worker that beats under this name. */
export async function liveWorker(
  store: Store,
  poolId: string,
  name: string,
): Promise<Session | undefined> {
  const id = await store.readSessionOfName(poolId, name);
  const session = id ? await store.readSession(poolId, id) : undefined;
  return session && isLiveWorker(session) ? session : undefined;
}

const isLiveWorker = ({ kind, endedAt }: Session): boolean => kind === 'worker' && endedAt === null;

/** Of no queue, and in the hands of this worker: it was created by a flow that runs under it. */
const isOwnSubflow = (run: Run, workerName: string): boolean =>
  run.queueId === undefined && lastClaimant(run)?.worker === toldName(workerName);

/** It speaks for the flow that it comes from: about a run of another one, its process is a user. */
function isOfAnotherFlow(run: RunFacts, identity: Identity): boolean {
  const { flowId = run.flowId, deploymentId = run.deploymentId } = identity;
  return flowId !== run.flowId || deploymentId !== run.deploymentId;
}

/**
 * Who has no heartbeats has no session that could open or lapse: a name and the run's pool make one
 * for good, and callers without a name share one per pool.
 */
export const rawSessionOf = (poolId: string | undefined, workerName: string | undefined): string =>
  v5(workerName ? `worker ${workerName}` : 'raw', poolId ?? NO_POOL);

/** That session on record, so that a sweep finds what it holds. */
export const rawSession = (
  poolId: string,
  workerName: string | undefined,
  at: Instant,
): Session => ({
  id: rawSessionOf(poolId, workerName),
  poolId,
  kind: 'raw',
  workerName: workerName ?? '',
  host: null,
  capacity: 0,
  running: 0,
  openedAt: at,
  lastHeartbeatAt: at,
  leaseExpiresAt: null,
  endedAt: null,
  draining: null,
});
