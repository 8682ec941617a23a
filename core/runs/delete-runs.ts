import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { inBatches } from '../batches.ts';
import type { Context } from '../context.ts';
import { filterRuns } from '../queries/find-runs.ts';
import type { RunQuery } from '../queries/match-runs.ts';
import { deleteRun } from './delete-run.ts';

/**
 * Deletes runs, the newest first, and returns the ids of the deleted ones. A run that another
 * caller deletes in the meantime, or that keeps changing, is left out; the others are still
 * deleted.
 * @throws DibsError filter_too_broad
 */
export async function deleteRuns(
  context: Context,
  query: RunQuery,
  limit: number,
): Promise<string[]> {
  const runs = await filterRuns(context, query, 'ID_DESC', { offset: 0, limit });
  const deleted: string[] = [];
  for (const some of inBatches(runs, NUMBERS.recoverAtOnce)) {
    const done = await Promise.all(some.map(({ id }) => isDeleted(context, id)));
    deleted.push(...some.filter((_, n) => done[n]).map(({ id }) => id));
  }
  return deleted;
}

async function isDeleted(context: Context, id: string): Promise<boolean> {
  try {
    await deleteRun(context, id);
    return true;
  } catch (error) {
    if (error instanceof DibsError && error.code !== 'unavailable') return false;
    throw error;
  }
}
