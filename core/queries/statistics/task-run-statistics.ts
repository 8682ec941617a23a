import type { Context } from '../../context.ts';
import { lateBy, shownState, timesOf } from '../../task-runs/track-task-runs.ts';
import { filterTaskRuns, type TaskRunQuery } from '../task-runs-by-runs.ts';
import { type Bins, binsOf, counted, type Interval } from './count-by-time.ts';

/**
 * Counts task runs per interval of their expected start, and in each interval per current state.
 * @throws DibsError filter_too_broad
 */
export async function taskRunHistory(
  context: Context,
  query: TaskRunQuery,
  wish: Bins,
): Promise<Interval[]> {
  const bins = binsOf(wish);
  if (bins.count === 0) return [];
  const found = await filterTaskRuns(context, query, 'ID_DESC');
  const now = context.now();
  const facts = found.map((one) => ({
    state: shownState(one, now),
    expectedAt: one.taskRun.expectedAt,
    runTime: timesOf(one, now).ran,
    lateness: lateBy(one, now),
  }));
  return counted(facts, bins);
}
