import type { Run, RunState } from '../../model/runs/run.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { newestFirst } from '../criteria/newest-first.ts';
import { readHistory } from '../states/history.ts';

/**
 * Finds a state by its id. No index lists states, so all runs are searched, latest first. It is
 * meant for a person who knows only the id.
 * @throws DibsError flow_run_state_not_found, filter_too_broad
 */
export async function findState(
  context: Context,
  id: string,
): Promise<{ run: Run; state: RunState }> {
  const { store } = context;
  const mayHave = (run: Run) =>
    run.movedStates > run.earlierIds.length ||
    run.earlierIds.includes(id) ||
    run.states.some((state) => state.id === id);
  const matching = async (runs: Run[]) => {
    const found = await Promise.all(
      runs.filter(mayHave).map(async (run) => {
        const { states } = await readHistory(context, run.id);
        return states.some((state) => state.id === id) ? [run] : [];
      }),
    );
    return found.flat();
  };
  // One match is enough, whatever its time is. An infinite time ends the search at the first match.
  const enough = { count: 1, time: () => Number.POSITIVE_INFINITY, id: () => id };
  const [run] = await newestFirst({ list: store.listRuns, read: store.readRuns }, matching, enough);
  const states = run ? (await readHistory(context, run.id)).states : [];
  const state = states.find((one) => one.id === id);
  if (run && state) return { run, state };
  throw new DibsError('flow_run_state_not_found', 'Flow run state not found');
}
