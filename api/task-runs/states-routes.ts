import * as z from 'zod';
import type { Route } from '../route.ts';
import { RunHistory } from '../runs/statistics-schemas.ts';
import { State } from '../states/schemas.ts';
import {
  GraphNode,
  ObservedState,
  ObservedStatesQuery,
  TaskRunHistory,
  TaskRunStatesQuery,
} from './states-schemas.ts';

/** The states that task runs have gone through, and how many there are in which. */
export const taskRunStatesRoutes = {
  readTaskRunStates: {
    method: 'GET',
    path: '/api/task_run_states/',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'List the states that a task run has gone through, oldest first.',
    query: TaskRunStatesQuery,
    replies: { 200: z.array(State) },
  },
  readTaskRunState: {
    method: 'GET',
    path: '/api/task_run_states/{id}',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'Read one state that a task run is or was in.',
    replies: { 200: State },
  },
  readTaskRunHistory: {
    method: 'POST',
    path: '/api/task_runs/history',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'Count task runs by expected start time and by state.',
    body: TaskRunHistory,
    replies: { 200: RunHistory },
  },
  readFlowRunGraph: {
    method: 'GET',
    path: '/api/flow_runs/{id}/graph',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'List the task runs of a run, each with those that it needs the results of.',
    replies: { 200: z.array(GraphNode) },
  },
  readObservedStates: {
    method: 'GET',
    path: '/api/observed-states',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'List the states that the latest runs and task runs have gone through, by name.',
    query: ObservedStatesQuery,
    replies: { 200: z.array(ObservedState) },
  },
} as const satisfies Record<string, Route>;
