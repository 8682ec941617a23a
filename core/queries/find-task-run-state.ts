import type { RunState } from '../../model/runs/run.ts';
import type { TrackedTaskRun } from '../../model/task-runs.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { newestFirst } from '../criteria/newest-first.ts';
import { statesOf, type TaskRunStates } from '../task-runs/task-run-states.ts';
import { trackTaskRuns } from '../task-runs/track-task-runs.ts';

interface Found extends Pick<TaskRunStates, 'owner'> {
  readonly tracked: TrackedTaskRun;
  readonly state: RunState;
}

/**
 * Finds a state of a task run by its id. No index lists states, so all task runs are searched,
 * latest first.
 * @throws DibsError task_run_state_not_found, filter_too_broad
 */
export async function findTaskRunState(context: Context, id: string): Promise<Found> {
  const { store } = context;
  const read = async (ids: string[]) => trackTaskRuns(context, await store.readTaskRuns(ids));
  const having = async (all: TrackedTaskRun[]) => {
    const found = await Promise.all(all.map((one) => stateOf(context, one, id)));
    return found.flatMap((one) => (one ? [one.tracked] : []));
  };
  // One match is enough, whatever its time is. An infinite time ends the search at the first match.
  const enough = { count: 1, time: () => Number.POSITIVE_INFINITY, id: () => id };
  const [tracked] = await newestFirst({ list: store.listTaskRuns, read }, having, enough);
  const found = tracked && (await stateOf(context, tracked, id));
  if (found) return found;
  throw new DibsError('task_run_state_not_found', 'Task run state not found');
}

async function stateOf(
  context: Context,
  tracked: TrackedTaskRun,
  id: string,
): Promise<Found | undefined> {
  const { owner, states } = await statesOf(context, tracked);
  const state = states.find((one) => one.id === id);
  return state && { tracked, owner, state };
}
