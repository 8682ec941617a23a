import type { Evidence } from './evidence.ts';
import { type ClaimRecord, type Death, type Finish, nameOf, type PlannedRun } from './facts.ts';

/** Everything that is known about the executions of one run. */
export interface Executions {
  readonly run: PlannedRun;
  readonly claims: readonly ClaimRecord[];
  readonly evidence: readonly Evidence[];
  readonly finishes: readonly Finish[];
  /** The deaths of all agents, by their names. */
  readonly deaths: ReadonlyMap<string, Death>;
}

/** The reasons in core/claims/claim-history.ts for a claim that ended with a final state. */
const FINISHED = ['completed', 'failed', 'crashed', 'cancelled'];
export const LOST = 'agent lost';

/** The final states of a run that the server accepted, according to the agents and the server. */
export function finishesOf({
  run,
  claims,
  finishes,
}: Pick<Executions, 'run' | 'claims' | 'finishes'>): Finish[] {
  // An agent may have been killed before it could report the final state.
  const untold = claims
    .filter(({ reason }) => reason !== null && FINISHED.includes(reason))
    .filter(({ attempt }) => !finishes.some((finish) => finish.attempt === attempt));
  return [...finishes, ...untold.map(({ attempt, agent }) => ({ runId: run.id, attempt, agent }))];
}

/**
 * A sentence for each way in which a run was run twice: finished twice, or held by two agents at
 * once.
 */
export function whyTwice(of: Executions): string[] {
  const which = nameOf(of.run);
  const finishes = finishesOf(of);
  const twice =
    finishes.length > 1 ? [`finished ${finishes.length} times: ${which}: ${each(finishes)}`] : [];
  return [...twice, ...heldByTwo(which, of.claims), ...executedTwice(which, of)];
}

/** Runs whose agent died after it had the result and before it reported it, and that ran again. */
export function executedAgain(of: Executions): string[] {
  const results = of.evidence.filter(({ result }) => result);
  if (results.length < 2 || executedTwice('', of).length > 0) return [];
  return [`executed again after its agent died: ${nameOf(of.run)}: ${each(results)}`];
}

/** According to the server: a claim that had not ended when the next one began. */
function heldByTwo(which: string, claims: readonly ClaimRecord[]): string[] {
  return claims.flatMap((claim, i) => {
    const next = claims[i + 1];
    if (!next || (claim.endedAt ?? Number.POSITIVE_INFINITY) <= next.claimedAt) return [];
    return [`held by two at once: ${which}: ${each([claim, next])}`];
  });
}

/** According to the records that the processes left behind. */
function executedTwice(which: string, of: Executions): string[] {
  const { claims, evidence, deaths } = of;
  const begun = evidence.toSorted((a, b) => a.startedAt - b.startedAt);
  const died = ({ attempt, agent }: Evidence) =>
    deaths.has(agent) && claims.some((one) => one.attempt === attempt && one.reason === LOST);
  const results = begun.filter((one) => one.result && !died(one));
  const attempts = new Set(begun.map(({ attempt }) => attempt));
  if (results.length > 1 || attempts.size < begun.length) {
    return [`ran ${begun.length} times: ${which}: ${each(begun)}`];
  }
  return begun.flatMap((one, i) => {
    const next = begun[i + 1];
    // An execution without a result ended when its agent's processes were gone, or at an unknown
    // time.
    const end = one.result?.endedAt ?? deaths.get(one.agent)?.goneAt ?? Number.POSITIVE_INFINITY;
    if (!next || end <= next.startedAt) return [];
    return [`executed by two at once: ${which}: ${each([one, next])}`];
  });
}

function each(
  those: readonly { readonly agent: string; readonly attempt: number; readonly pid?: number }[],
): string {
  return those
    .map(({ agent, attempt, pid }) => {
      const process = pid === undefined ? '' : `, pid ${pid}`;
      return `by ${agent} (attempt ${attempt}${process})`;
    })
    .join(', ');
}
