import { currentState, type Run } from '../../model/runs/run.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';

/**
 * The runs that are held within a pool, those longest in their state first. These are the runs that
 * the pool's limit counts; they are listed even if it has no limit.
 * @throws DibsError filter_too_broad
 */
export async function slotHolders({ store }: Context, poolId: string): Promise<Run[]> {
  const sessions = await store.listSessions(poolId);
  const entries = await Promise.all(sessions.map(({ id }) => store.listClaimed(id)));
  const ids = [...new Set(entries.flat().map(({ runId }) => runId))];
  if (ids.length > NUMBERS.filterReads) {
    throw new DibsError(
      'filter_too_broad',
      `More than ${NUMBERS.filterReads} runs are held in this pool.`,
      { hint: 'Set a concurrency limit, then list its slots.' },
    );
  }
  const runs = (await store.readRuns(ids)).filter(({ claim }) => claim !== undefined);
  return runs.sort((a, b) => currentState(a).at - currentState(b).at);
}
