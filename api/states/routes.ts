import * as z from 'zod';
import type { Route } from '../route.ts';
import { FlowRunStatesQuery, OrchestrationResult, RunResume, SetState, State } from './schemas.ts';

/** states. */
export const statesRoutes = {
  setState: {
    method: 'POST',
    path: '/api/flow_runs/{id}/set_state',
    owner: 'worker',
    access: 'execute',
    summary: 'Propose a state: start, finish, fail, give back, cancel.',
    body: SetState,
    replies: { 200: OrchestrationResult, 201: OrchestrationResult },
  },
  readFlowRunState: {
    method: 'GET',
    path: '/api/flow_run_states/{id}',
    owner: 'control',
    access: 'read',
    summary: 'One state that some run is or was in.',
    replies: { 200: State },
  },
  readFlowRunStates: {
    method: 'GET',
    path: '/api/flow_run_states/',
    owner: 'control',
    access: 'read',
    summary: 'The states a run has gone through, oldest first.',
    query: FlowRunStatesQuery,
    replies: { 200: z.array(State) },
  },
  resumeFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/{id}/resume',
    owner: 'control',
    access: 'execute',
    summary: 'Let a paused run go on, with what it waits for.',
    body: RunResume,
    replies: { 200: OrchestrationResult, 201: OrchestrationResult },
  },
} as const satisfies Record<string, Route>;
