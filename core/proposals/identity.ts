import { type ClaimToken, parseClaimToken } from '../../model/runs/claim-token.ts';

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
