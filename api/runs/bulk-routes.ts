import type { Route } from '../route.ts';
import {
  BulkReply,
  BulkRequest,
  FlowRunsDelete,
  FlowRunsDeleted,
  StatesSet,
  StatesSetReply,
} from './bulk-schemas.ts';

/** Requests that change many runs. */
export const bulkRoutes = {
  retryFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/retry',
    owner: 'control',
    access: 'deploy',
    about: 'any pool',
    summary: 'Put runs that have ended back into their queues.',
    body: BulkRequest,
    replies: { 200: BulkReply },
  },
  cancelFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/cancel',
    owner: 'control',
    access: 'deploy',
    about: 'any pool',
    summary: 'Cancel runs that have not ended.',
    body: BulkRequest,
    replies: { 200: BulkReply },
  },
  deleteFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/bulk_delete',
    owner: 'control',
    access: 'deploy',
    about: 'any pool',
    summary: 'Delete runs, the newest first.',
    body: FlowRunsDelete,
    replies: { 200: FlowRunsDeleted },
  },
  setStates: {
    method: 'POST',
    path: '/api/flow_runs/bulk_set_state',
    owner: 'control',
    access: 'deploy',
    about: 'any pool',
    summary: 'Propose one state for several runs, the newest first.',
    body: StatesSet,
    replies: { 200: StatesSetReply },
  },
} as const satisfies Record<string, Route>;
