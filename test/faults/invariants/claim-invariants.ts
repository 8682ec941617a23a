import { type ClaimRecord, readClaims } from '../../../core/claims/claim-history.ts';
import type { Context } from '../../../core/context.ts';
import { isFinal } from '../../../model/runs/state.ts';
import type { Instant } from '../../../model/values/instant.ts';
import type { Accepted, Handed } from './ledger.ts';
import { type Found, limitsOf, scopeText } from './table-scan.ts';

interface Ledger {
  readonly handed: readonly Handed[];
  readonly accepted: readonly Accepted[];
}

type ClaimsByRun = ReadonlyMap<string, readonly ClaimRecord[]>;

/**
 * Checks each run's history of claims: they follow each other, and each belongs to the session that
 * got it.
 */
export async function claimFaults(
  context: Context,
  { runs }: Found,
  { handed }: Ledger,
): Promise<{ faults: string[]; byRun: ClaimsByRun }> {
  const faults: string[] = [];
  const byRun = new Map<string, readonly ClaimRecord[]>();
  // Items as the scan found them, so that they need not be read again.
  const byId = new Map(runs.map(({ run }) => [run.id, run]));
  const store = { ...context.store, readRun: async (id: string) => byId.get(id) };
  for (const { run } of runs) {
    const claims = await readClaims({ ...context, store }, run.id);
    byRun.set(run.id, claims);
    claims.forEach((claim, i) => {
      if (claim.attempt !== i + 1)
        faults.push(`${run.id}: attempt ${claim.attempt} is no. ${i + 1}`);
      const next = claims[i + 1];
      if (next && !claim.end)
        faults.push(`${run.id}: attempt ${i + 2} began before ${i + 1} ended`);
    });
    const last = claims.at(-1);
    const current = last && !last.end ? last.sessionId : undefined;
    if (current !== run.claim?.sessionId)
      faults.push(`${run.id}: its history knows no such holder`);
  }
  for (const { runId, attempt, sessionId } of handed) {
    const claim = byRun.get(runId)?.[attempt - 1];
    if (claim?.sessionId === sessionId) continue;
    faults.push(`${runId}.${attempt} was handed to ${sessionId}, not to ${claim?.sessionId}`);
  }
  return { faults, byRun };
}

/** Two states of the same millisecond differ by a microsecond or two. */
const TOLD_APART: Instant = 1000;

/** Reports if, according to the history, more claims were held at once than a limit allows. */
export function overlapFaults(found: Found, byRun: ClaimsByRun): string[] {
  return found.limits.flatMap((limit) => {
    const within = found.runs.filter(({ run }) => limitsOf(found, run).includes(limit));
    const events = within
      .flatMap(({ run }) => byRun.get(run.id) ?? [])
      .flatMap(({ claimedAt, end }) => [
        { at: claimedAt, by: 1 },
        ...(end ? [{ at: end.at - TOLD_APART, by: -1 }] : []),
      ])
      .sort((one, other) => one.at - other.at || one.by - other.by);
    let held = 0;
    let most = 0;
    for (const { by } of events) {
      held += by;
      most = Math.max(most, held);
    }
    const allowed = limit.limit ?? Number.POSITIVE_INFINITY;
    return most > allowed ? [`${scopeText(limit)}: ${most} claims at once, not ${allowed}`] : [];
  });
}

const isOutside = (at: Instant, { claimedAt, end }: ClaimRecord): boolean =>
  at < claimedAt - TOLD_APART || (end !== null && at > end.at);

/**
 * Checks that the history has each accepted state under the claim that proposed it, and one end at
 * most.
 */
export function finishFaults({ runs }: Found, { accepted }: Ledger, byRun: ClaimsByRun): string[] {
  const byId = new Map(runs.map(({ run }) => [run.id, run]));
  const faults: string[] = [];
  for (const { runId, attempt, type, transitionId } of accepted) {
    const state = byId.get(runId)?.states.find(({ id }) => id === transitionId);
    const claim = byRun.get(runId)?.[attempt - 1];
    const which = `${type} of ${runId}.${attempt}`;
    if (!state) faults.push(`${which} was accepted, and is not in the history`);
    else if (!claim) faults.push(`${which} was accepted of a claim that never was`);
    else if (isOutside(state.at, claim)) {
      faults.push(`${which} was accepted outside of that claim`);
    } else if (isFinal(state.type) && claim.end?.state.id !== transitionId) {
      faults.push(`${which} was accepted, and did not end that claim`);
    }
  }
  for (const { run } of runs) {
    const isSecondEnd = (_: unknown, i: number) =>
      i > 0 && [i - 1, i].every((at) => isFinal(run.states[at]?.type ?? 'SCHEDULED'));
    if (run.states.some(isSecondEnd)) faults.push(`${run.id} ended twice`);
  }
  return faults;
}
