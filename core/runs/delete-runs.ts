import type { Context } from '../context.ts';
import { deleteEach } from '../delete-each.ts';
import { filterRuns } from '../queries/find-runs.ts';
import type { RunQuery } from '../queries/match-runs.ts';
import { deleteRun } from './delete-run.ts';

/**
 * Deletes runs, the newest first, and returns the ids of the deleted ones.
 * @throws DibsError filter_too_broad
 */
export async function deleteRuns(
  context: Context,
  query: RunQuery,
  limit: number,
): Promise<string[]> {
  const runs = await filterRuns(context, query, 'ID_DESC', { offset: 0, limit });
  return deleteEach(
    runs.map(({ id }) => id),
    (id) => deleteRun(context, id),
  );
}
