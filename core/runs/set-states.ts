import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import type { Identity } from '../proposals/identity.ts';
import type { Outcome } from '../proposals/outcome.ts';
import { setState } from '../proposals/set-state.ts';
import { filterRuns } from '../queries/find-runs.ts';
import type { RunQuery } from '../queries/match-runs.ts';
import type { StateWish } from '../states/proposal.ts';

interface Call {
  readonly query: RunQuery;
  readonly limit: number;
  readonly state: StateWish;
  readonly force: boolean;
  readonly identity: Identity;
}

/** The result for one run; only a reason if it was an error. */
export interface BulkResult {
  readonly runId: string;
  readonly outcome: Outcome | { readonly reason: string };
}

/**
 * Proposes one state for many runs, the newest first. Each run is decided independently.
 * @throws DibsError filter_too_broad
 */
export async function setStates(context: Context, call: Call): Promise<BulkResult[]> {
  const { query, limit, ...proposal } = call;
  const runs = await filterRuns(context, query, 'ID_DESC', { offset: 0, limit });
  const results: BulkResult[] = [];
  for (const some of inBatches(runs, NUMBERS.recoverAtOnce)) {
    results.push(...(await Promise.all(some.map(({ id }) => setOne(context, id, proposal)))));
  }
  return results;
}

async function setOne(
  context: Context,
  runId: string,
  proposal: Omit<Call, 'query' | 'limit'>,
): Promise<BulkResult> {
  try {
    return { runId, outcome: await setState(context, { runId, ...proposal }) };
  } catch (error) {
    // An error of one run must not hide the results of the others, some of which are already
    // changed.
    if (error instanceof DibsError) return { runId, outcome: { reason: error.message } };
    throw error;
  }
}
