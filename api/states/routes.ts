import * as z from 'zod';
import type { Route } from '../route.ts';
import { FlowRunStatesQuery, OrchestrationResult, RunResume, State } from './schemas.ts';

/** The states that a run has gone through, and the end of a pause. */
export const statesRoutes = {
  readFlowRunState: {
    method: 'GET',
    path: '/api/flow_run_states/{id}',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'Read one state that a run is or was in.',
    replies: { 200: State },
  },
  readFlowRunStates: {
    method: 'GET',
    path: '/api/flow_run_states/',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'List the states that a run has gone through, oldest first.',
    query: FlowRunStatesQuery,
    replies: { 200: z.array(State) },
  },
  resumeFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/{id}/resume',
    owner: 'control',
    access: 'execute',
    about: 'run',
    summary: 'Resume a paused run, with the input that it waits for.',
    body: RunResume,
    replies: { 200: OrchestrationResult, 201: OrchestrationResult },
  },
} as const satisfies Record<string, Route>;
