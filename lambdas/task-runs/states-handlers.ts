import type * as z from 'zod';
import type { taskRunStatesRoutes } from '../../api/task-runs/states-routes.ts';
import type { GraphNode } from '../../api/task-runs/states-schemas.ts';
import type { Context } from '../../core/context.ts';
import { findTaskRunState } from '../../core/queries/find-task-run-state.ts';
import { observedStates } from '../../core/queries/statistics/observed-states.ts';
import { taskRunHistory } from '../../core/queries/statistics/task-run-statistics.ts';
import { filterTaskRuns } from '../../core/queries/task-runs-by-runs.ts';
import { viewState } from '../../core/runs/view-run.ts';
import { statesOf, type TaskRunStates } from '../../core/task-runs/task-run-states.ts';
import { trackTaskRuns } from '../../core/task-runs/track-task-runs.ts';
import type { RunState } from '../../model/runs/run.ts';
import type { TrackedTaskRun } from '../../model/task-runs.ts';
import { runNotFound } from '../../model/values/errors.ts';
import { toIso } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { thatFit } from '../http/page.ts';
import { binsIn, historyShape } from '../runs/history-shape.ts';
import { stateOfTaskRun, taskRunShape } from './task-run-shape.ts';

export const taskRunStatesHandlers = {
  readTaskRunStates: async (context, { query }) => {
    const read = await context.store.readTaskRuns([query.task_run_id]);
    const [tracked] = await trackTaskRuns(context, read);
    // As in Prefect: the list is empty if the task run does not exist.
    if (!tracked) return { status: 200, body: [] };
    const { owner, states } = await statesOf(context, tracked);
    const shapes = await Promise.all(states.map((one) => shape(context, tracked, owner, one)));
    // If not all fit a response, the latest ones.
    return { status: 200, body: thatFit(shapes.reverse()).reverse() };
  },

  readTaskRunState: async (context, { path }) => {
    const { tracked, owner, state } = await findTaskRunState(context, path.id);
    return { status: 200, body: await shape(context, tracked, owner, state) };
  },

  readTaskRunHistory: async (context, { body }) => {
    const query = {
      taskRuns: body.task_runs,
      flowRuns: body.flow_runs,
      flows: body.flows,
      deployments: body.deployments,
    };
    const intervals = await taskRunHistory(context, query, binsIn(body));
    return { status: 200, body: historyShape(intervals) };
  },

  readFlowRunGraph: async (context, { path }) => {
    if (!(await context.store.readRun(path.id))) throw runNotFound();
    const of = { taskRuns: { flow_run_id: { any_: [path.id] } } };
    const found = await filterTaskRuns(context, of, 'ID_DESC');
    const nodes = await Promise.all(found.map((one) => nodeOf(context, one)));
    return { status: 200, body: thatFit(nodes) };
  },

  readObservedStates: async (context, { query }) => {
    const { query: start, order_by: sort = 'LAST_SEEN_DESC', limit = 200 } = query;
    const states = await observedStates(context, { query: start, sort, limit });
    const shapes = states.map(({ type, name, firstSeen, lastSeen }) => ({
      state_type: type,
      state_name: name,
      first_seen: toIso(firstSeen),
      last_seen: toIso(lastSeen),
    }));
    return { status: 200, body: shapes };
  },
} satisfies Handles<keyof typeof taskRunStatesRoutes>;

const shape = async (
  context: Context,
  tracked: TrackedTaskRun,
  owner: TaskRunStates['owner'],
  state: RunState,
) => stateOfTaskRun(tracked, await viewState(context, owner, state));

async function nodeOf(
  context: Context,
  tracked: TrackedTaskRun,
): Promise<z.output<typeof GraphNode>> {
  const shown = await taskRunShape(context, tracked);
  const { id, name, state, expected_start_time, start_time, end_time } = shown;
  const { total_run_time, estimated_run_time } = shown;
  return {
    id,
    name,
    upstream_dependencies: upstreamOf(tracked),
    state,
    expected_start_time,
    start_time,
    end_time,
    total_run_time,
    estimated_run_time,
    untrackable_result: state.state_details.untrackable_result === true,
  };
}

/** The runs that are inputs, each once. Constants and parameters have no id. */
function upstreamOf({ taskRun }: TrackedTaskRun): { input_type: string; id: string }[] {
  const inputs: unknown[] = Object.values(taskRun.taskInputs.parse() as object).flat();
  const runs = inputs.flatMap((input) => {
    const { input_type, id } = Object(input);
    return typeof input_type === 'string' && typeof id === 'string' ? [{ input_type, id }] : [];
  });
  return [...new Map(runs.map((run) => [`${run.input_type} ${run.id}`, run])).values()];
}
