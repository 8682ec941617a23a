import type * as z from 'zod';
import type { taskRunsRoutes } from '../../api/task-runs/routes.ts';
import type { TaskRunCreate, TaskRunsCount } from '../../api/task-runs/schemas.ts';
import type { Context } from '../../core/context.ts';
import { filterTaskRuns, type TaskRunQuery } from '../../core/queries/task-runs-by-runs.ts';
import { viewState, viewWholeState } from '../../core/runs/view-run.ts';
import {
  deleteTaskRun,
  setTaskRunState,
  updateTaskRun,
} from '../../core/task-runs/change-task-run.ts';
import {
  createTaskRun,
  readTaskRun,
  type TaskRunWish,
} from '../../core/task-runs/create-task-run.ts';
import type { TrackedTaskRun } from '../../model/task-runs.ts';
import type { Handles } from '../http/http.ts';
import { pageOf, pagination, thatFit } from '../http/page.ts';
import { stateShape } from '../states/state-shape.ts';
import { stateWish } from '../states/state-wish.ts';
import { taskRunShape } from './task-run-shape.ts';

export const taskRunHandlers = {
  createTaskRun: async (context, { body }) => {
    const { taskRun, created } = await createTaskRun(context, wishOf(body));
    return { status: created ? 201 : 200, body: await taskRunShape(context, taskRun) };
  },

  readTaskRun: async (context, { path }) => ({
    status: 200,
    body: await taskRunShape(context, await readTaskRun(context, path.id), viewWholeState),
  }),

  updateTaskRun: async (context, { path, body }) => {
    if (body.name != null) await updateTaskRun(context, path.id, body.name);
    else await readTaskRun(context, path.id);
    return { status: 204, body: undefined };
  },

  deleteTaskRun: async (context, { path }) => {
    await deleteTaskRun(context, path.id);
    return { status: 204, body: undefined };
  },

  setTaskRunState: async (context, { path, body }) => {
    const { state, wrote } = await setTaskRunState(context, path.id, stateWish(body.state));
    const { taskRun } = await readTaskRun(context, path.id);
    const shape = stateShape(path.id, await viewState(context, { taskRunId: path.id }, state));
    const details = { flow_run_id: taskRun.flowRunId, task_run_id: path.id };
    return {
      status: wrote ? 201 : 200,
      body: {
        state: { ...shape, state_details: { ...shape.state_details, ...details } },
        status: 'ACCEPT',
        details: { type: 'accept_details' },
      },
    };
  },

  filterTaskRuns: async (context, { body }) => {
    const sort = body?.sort ?? 'ID_DESC';
    const found = await filterTaskRuns(context, queryOf(body), sort, pageOf(body));
    return { status: 200, body: thatFit(await shapes(context, found)) };
  },

  countTaskRuns: async (context, { body }) => ({
    status: 200,
    body: (await filterTaskRuns(context, queryOf(body), 'ID_DESC')).length,
  }),

  paginateTaskRuns: async (context, { body }) => {
    const found = await filterTaskRuns(context, queryOf(body), body?.sort ?? 'ID_DESC');
    const { items, ...counts } = pagination(found, body);
    return { status: 200, body: { results: thatFit(await shapes(context, items)), ...counts } };
  },
} satisfies Handles<keyof typeof taskRunsRoutes>;

const shapes = (context: Context, found: readonly TrackedTaskRun[]) =>
  Promise.all(found.map((one) => taskRunShape(context, one)));

const queryOf = (body: z.output<typeof TaskRunsCount>): TaskRunQuery => ({
  taskRuns: body?.task_runs,
  flowRuns: body?.flow_runs,
  flows: body?.flows,
  deployments: body?.deployments,
});

const wishOf = (body: z.output<typeof TaskRunCreate>): TaskRunWish => ({
  id: body.id ?? null,
  name: body.name ?? null,
  flowRunId: body.flow_run_id ?? null,
  taskKey: body.task_key,
  dynamicKey: body.dynamic_key,
  cacheKey: body.cache_key ?? null,
  cacheExpiration: body.cache_expiration ?? null,
  taskVersion: body.task_version ?? null,
  retries: body.empirical_policy?.retries ?? null,
  retryDelay: body.empirical_policy?.retry_delay ?? null,
  retryJitterFactor: body.empirical_policy?.retry_jitter_factor ?? null,
  tags: body.tags ?? [],
  labels: body.labels ?? null,
  taskInputs: body.task_inputs ?? null,
  ...(body.state ? { state: stateWish(body.state) } : {}),
});
