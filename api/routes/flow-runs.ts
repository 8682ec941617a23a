import * as z from 'zod';
import type { Route } from '../route.ts';
import {
  BulkReply,
  BulkRequest,
  FlowRunsDelete,
  FlowRunsDeleted,
  StatesSet,
  StatesSetReply,
} from '../schemas/bulk.ts';
import { ClaimRecord } from '../schemas/claims.ts';
import { labels } from '../schemas/fields.ts';
import { Log, LogsFilter } from '../schemas/logs.ts';
import { ByHand } from '../schemas/operators.ts';
import { FlowRunHistory, FlowRunHistoryReply } from '../schemas/run-statistics.ts';
import {
  FlowRun,
  FlowRunCreate,
  FlowRunsCount,
  FlowRunsFilter,
  FlowRunsPage,
  FlowRunsPaginate,
  FlowRunUpdate,
} from '../schemas/runs.ts';
import { FlowRunStatesQuery, State } from '../schemas/states.ts';
import { Why } from '../schemas/why.ts';
import { textFile } from '../text-file.ts';

/** Flow runs, their states, claims and logs. */
export const flowRunsRoutes = {
  createFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/',
    owner: 'control',
    summary: 'Create a run of a flow, in a pool or by hand.',
    body: FlowRunCreate,
    replies: { 200: FlowRun, 201: FlowRun },
  },
  readFlowRun: {
    method: 'GET',
    path: '/api/flow_runs/{id}',
    owner: 'control',
    summary: 'Read a run, its state, and who holds it.',
    replies: { 200: FlowRun },
  },
  updateFlowRun: {
    method: 'PATCH',
    path: '/api/flow_runs/{id}',
    owner: 'control',
    summary: 'Change the given fields of a run; never its state.',
    body: FlowRunUpdate,
    replies: { 204: null },
  },
  updateFlowRunLabels: {
    method: 'PATCH',
    path: '/api/flow_runs/{id}/labels',
    owner: 'control',
    summary: 'Put labels over those that a run has.',
    body: labels,
    replies: { 204: null },
  },
  deleteFlowRun: {
    method: 'DELETE',
    path: '/api/flow_runs/{id}',
    owner: 'control',
    summary: 'Delete a run, its logs and its history. Who holds it is told to stop it.',
    replies: { 204: null },
  },
  filterFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/filter',
    owner: 'control',
    summary: 'List runs.',
    body: FlowRunsFilter,
    replies: { 200: z.array(FlowRun) },
  },
  countFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/count',
    owner: 'control',
    summary: 'Count runs.',
    body: FlowRunsCount,
    replies: { 200: z.number() },
  },
  paginateFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/paginate',
    owner: 'control',
    summary: 'List runs by pages, with how many there are.',
    body: FlowRunsPaginate,
    replies: { 200: FlowRunsPage },
  },
  readFlowRunHistory: {
    method: 'POST',
    path: '/api/flow_runs/history',
    owner: 'control',
    summary: 'Count runs by when they were to start, and by state.',
    body: FlowRunHistory,
    replies: { 200: FlowRunHistoryReply },
  },
  readFlowRunLateness: {
    method: 'POST',
    path: '/api/flow_runs/lateness',
    owner: 'control',
    summary: 'By how many seconds runs are late, on average.',
    body: FlowRunsCount,
    replies: { 200: z.number().nullable() },
  },
  deleteFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/bulk_delete',
    owner: 'control',
    summary: 'Delete runs, the newest first.',
    body: FlowRunsDelete,
    replies: { 200: FlowRunsDeleted },
  },
  setStates: {
    method: 'POST',
    path: '/api/flow_runs/bulk_set_state',
    owner: 'control',
    summary: 'Propose one state for several runs, the newest first.',
    body: StatesSet,
    replies: { 200: StatesSetReply },
  },
  readFlowRunState: {
    method: 'GET',
    path: '/api/flow_run_states/{id}',
    owner: 'control',
    summary: 'One state that some run is or was in.',
    replies: { 200: State },
  },
  readFlowRunStates: {
    method: 'GET',
    path: '/api/flow_run_states/',
    owner: 'control',
    summary: 'The states a run has gone through, oldest first.',
    query: FlowRunStatesQuery,
    replies: { 200: z.array(State) },
  },
  readFlowRunClaims: {
    method: 'GET',
    path: '/api/flow_runs/{id}/claims',
    owner: 'control',
    summary: 'Every attempt at a run: who had it, from when to when, and why not any longer.',
    replies: { 200: z.array(ClaimRecord) },
  },
  readFlowRunWhy: {
    method: 'GET',
    path: '/api/flow_runs/{id}/why',
    owner: 'control',
    summary: 'Why a run is not running: every cause that holds, and what to do.',
    replies: { 200: Why },
  },
  releaseFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/{id}/release',
    owner: 'control',
    summary:
      'Take a run from whoever holds it, back into its queue. Its holder is told to stop it.',
    body: ByHand,
    replies: { 200: FlowRun },
  },
  retryFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/retry',
    owner: 'control',
    summary: 'Put runs that have ended back into their queues.',
    body: BulkRequest,
    replies: { 200: BulkReply },
  },
  cancelFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/cancel',
    owner: 'control',
    summary: 'Cancel runs that have not ended.',
    body: BulkRequest,
    replies: { 200: BulkReply },
  },
  downloadLogs: {
    method: 'GET',
    path: '/api/flow_runs/{id}/logs/download',
    owner: 'control',
    summary: 'The log lines of a run as a CSV file.',
    replies: { 200: textFile('text/csv') },
  },
  filterLogs: {
    method: 'POST',
    path: '/api/logs/filter',
    owner: 'control',
    summary: 'Read log lines of runs.',
    body: LogsFilter,
    replies: { 200: z.array(Log) },
  },
} as const satisfies Record<string, Route>;
