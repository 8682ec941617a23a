import type { Route } from '../route.ts';
import {
  WorkPoolConcurrency,
  WorkPoolConcurrencyStatus,
  WorkQueueConcurrency,
  WorkQueueConcurrencyStatus,
  WorkQueueStatusDetail,
} from './status-schemas.ts';

/** How full pools and queues are, in Prefect's format. */
export const statusRoutes = {
  readWorkPoolConcurrency: {
    method: 'POST',
    path: '/api/work_pools/{name}/concurrency_status',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: 'List the runs that are held in a pool, by queue.',
    body: WorkPoolConcurrency,
    replies: { 200: WorkPoolConcurrencyStatus },
  },
  readWorkQueueStatus: {
    method: 'GET',
    path: '/api/work_queues/{id}/status',
    owner: 'control',
    access: 'read',
    about: 'queue',
    summary: 'Tell whether a queue is polled, and how many of its runs are late.',
    replies: { 200: WorkQueueStatusDetail },
  },
  readWorkQueueConcurrency: {
    method: 'POST',
    path: '/api/work_queues/{id}/concurrency_status',
    owner: 'control',
    access: 'read',
    about: 'queue',
    summary: 'List the runs of a queue that are held.',
    body: WorkQueueConcurrency,
    replies: { 200: WorkQueueConcurrencyStatus },
  },
} as const satisfies Record<string, Route>;
