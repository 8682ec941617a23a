import * as z from 'zod';
import type { Route } from '../route.ts';
import { OrchestrationResult } from '../states/schemas.ts';
import {
  TaskRun,
  TaskRunCreate,
  TaskRunSetState,
  TaskRunsCount,
  TaskRunsFilter,
  TaskRunsPage,
  TaskRunsPaginate,
  TaskRunUpdate,
} from './schemas.ts';

/** Task runs, as far as subflows and older engines need them. */
export const taskRunsRoutes = {
  createTaskRun: {
    method: 'POST',
    path: '/api/task_runs/',
    owner: 'control',
    access: 'execute',
    summary: 'Create a task run, once per flow run, task key and dynamic key.',
    body: TaskRunCreate,
    replies: { 200: TaskRun, 201: TaskRun },
  },
  readTaskRun: {
    method: 'GET',
    path: '/api/task_runs/{id}',
    owner: 'control',
    access: 'read',
    summary: 'Read a task run; one that tracks a subflow is in its state.',
    replies: { 200: TaskRun },
  },
  updateTaskRun: {
    method: 'PATCH',
    path: '/api/task_runs/{id}',
    owner: 'control',
    access: 'execute',
    summary: 'Rename a task run.',
    body: TaskRunUpdate,
    replies: { 204: null },
  },
  deleteTaskRun: {
    method: 'DELETE',
    path: '/api/task_runs/{id}',
    owner: 'control',
    access: 'deploy',
    summary: 'Delete a task run.',
    replies: { 204: null },
  },
  setTaskRunState: {
    method: 'POST',
    path: '/api/task_runs/{id}/set_state',
    owner: 'control',
    access: 'execute',
    summary: 'Store the state that a task run is in.',
    body: TaskRunSetState,
    replies: { 200: OrchestrationResult, 201: OrchestrationResult },
  },
  filterTaskRuns: {
    method: 'POST',
    path: '/api/task_runs/filter',
    owner: 'control',
    access: 'read',
    summary: 'List task runs.',
    body: TaskRunsFilter,
    replies: { 200: z.array(TaskRun) },
  },
  countTaskRuns: {
    method: 'POST',
    path: '/api/task_runs/count',
    owner: 'control',
    access: 'read',
    summary: 'Count task runs.',
    body: TaskRunsCount,
    replies: { 200: z.number() },
  },
  paginateTaskRuns: {
    method: 'POST',
    path: '/api/task_runs/paginate',
    owner: 'control',
    access: 'read',
    summary: 'List task runs by pages, with how many there are.',
    body: TaskRunsPaginate,
    replies: { 200: TaskRunsPage },
  },
} as const satisfies Record<string, Route>;
