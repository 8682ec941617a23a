import { v5 } from 'uuid';
import { type ClaimToken, parseClaimToken } from './claim-token.ts';
import type { Caller } from './fence.ts';
import type { Run } from './run.ts';

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
const NO_POOL = v5('no pool', NAMESPACE);

/**
 * Who would hold `run` if this caller claimed it. A worker's engine sends its name also about other
 * runs, which its flow cancels or resumes: there it is a user.
 */
export function callerOf(run: Run, poolId: string | undefined, identity: Identity): Caller {
  const token = tokenFor(run.id, identity);
  if (token !== 'none') return { kind: 'token', token };
  const { flowId = run.flowId, deploymentId = run.deploymentId, workerName } = identity;
  const ofAnotherFlow = flowId !== run.flowId || deploymentId !== run.deploymentId;
  return workerName && !ofAnotherFlow
    ? { kind: 'worker', sessionId: sessionOf(poolId, workerName) }
    : { kind: 'user', sessionId: sessionOf(poolId, undefined) };
}

/**
 * Prefect's clients have no session of their own: a worker's name and the run's pool make one, and
 * callers without a name share one per pool.
 */
export const sessionOf = (poolId: string | undefined, workerName: string | undefined): string =>
  v5(workerName ? `worker ${workerName}` : 'raw', poolId ?? NO_POOL);
