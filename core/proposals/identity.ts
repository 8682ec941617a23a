import { type ClaimToken, parseClaimToken } from '../../model/runs/claim-token.ts';

/** How a caller of set_state identified itself. */
export interface Identity {
  /** From the body, so it is meant for exactly this run. */
  readonly claimToken: string | undefined;
  /** From a header that a process sends with every request, so it may belong to another run. */
  readonly headerToken: string | undefined;
  /** From the header X-Prefect-Worker-Name. */
  readonly workerName: string | undefined;
  /**
   * From X-Prefect-Flow-Id and X-Prefect-Deployment-Id: the flow whose process sends the request.
   */
  readonly flowId: string | undefined;
  readonly deploymentId: string | undefined;
}

/** A caller that does not identify itself. */
export const NOBODY: Identity = {
  claimToken: undefined,
  headerToken: undefined,
  workerName: undefined,
  flowId: undefined,
  deploymentId: undefined,
};

/** The claim token that the caller sent for this run; 'none' if it sent none. */
export function tokenFor(runId: string, identity: Identity): ClaimToken | 'none' {
  if (identity.claimToken !== undefined) {
    const token = parseClaimToken(identity.claimToken);
    // A token of another run, or a malformed one, proves nothing for this run: it counts as a lost
    // claim.
    return token?.runId === runId ? token : { runId, attempt: 0, secret: '' };
  }
  const token = identity.headerToken ? parseClaimToken(identity.headerToken) : undefined;
  return token?.runId === runId ? token : 'none';
}
