import { runName } from '../../model/runs/run-name.ts';
import type { TrackedTaskRun } from '../../model/task-runs.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { type Enough, newestFirst, tooBroad } from '../criteria/newest-first.ts';
import { matchesTaskRun, type TaskRunFacts, type TaskRunFilter } from '../filters/task-runs.ts';
import { shownState, timesOf, trackTaskRuns } from '../task-runs/track-task-runs.ts';

/**
 * Finds task runs by their own fields and by their flow runs. The result is exact. They are found
 * by their ids if given, or else by the ids of their flow runs, or else through the timeline,
 * newest first.
 * @throws DibsError filter_too_broad
 */
export async function findTaskRuns(
  context: Context,
  filter: TaskRunFilter | null | undefined,
  {
    flowRunIds,
    enough,
  }: { flowRunIds?: ReadonlySet<string>; enough?: Enough<TrackedTaskRun> } = {},
): Promise<TrackedTaskRun[]> {
  const { store, now } = context;
  const matches = matchesTaskRun(filter);
  const matching = async (found: TrackedTaskRun[]) =>
    found.filter(
      (one) =>
        (flowRunIds?.has(one.taskRun.flowRunId ?? '') ?? true) && matches(factsOf(one, now())),
    );
  const read = async (ids: string[]) => trackTaskRuns(context, await store.readTaskRuns(ids));
  const ids = await proposed(context, filter, flowRunIds);
  if (ids === undefined) {
    return newestFirst({ list: store.listTaskRuns, read }, matching, enough);
  }
  if (ids.length > NUMBERS.filterReads) throw tooBroad();
  return matching(await read(ids));
}

async function proposed(
  { store }: Context,
  filter: TaskRunFilter | null | undefined,
  flowRunIds: ReadonlySet<string> | undefined,
): Promise<string[] | undefined> {
  const { id, flow_run_id } = filter?.operator === 'or_' ? {} : (filter ?? {});
  if (id?.any_) return [...id.any_];
  const of = flow_run_id?.is_null_ ? undefined : flow_run_id?.any_;
  const runs =
    of ?? (flowRunIds && flowRunIds.size <= NUMBERS.filterPartitions ? flowRunIds : null);
  if (!runs) return undefined;
  const lists = [...new Set(runs)].map((runId) => store.listTaskRunsOf(runId));
  return (await Promise.all(lists)).flat();
}

function factsOf(one: TrackedTaskRun, now: Instant): TaskRunFacts {
  const { taskRun, child } = one;
  const { type, name } = shownState(one, now);
  const { start, end } = timesOf(one, now);
  return {
    id: taskRun.id,
    name: runName(taskRun),
    tags: taskRun.tags,
    flowRunId: taskRun.flowRunId,
    state: { type, name },
    start,
    end,
    expectedAt: taskRun.expectedAt,
    hasChildren: child !== undefined,
  };
}
