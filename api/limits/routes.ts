import type { Route } from '../route.ts';
import {
  WorkPoolConcurrency,
  WorkPoolConcurrencyStatus,
  WorkQueueConcurrency,
  WorkQueueConcurrencyStatus,
  WorkQueueStatusDetail,
} from './concurrency-status-schemas.ts';
import { Slots } from './schemas.ts';

/** limits. */
export const limitsRoutes = {
  readDeploymentSlots: {
    method: 'GET',
    path: '/api/deployments/{id}/slots',
    owner: 'control',
    access: 'read',
    summary: "Who holds the slots of a deployment's concurrency limit.",
    replies: { 200: Slots },
  },
  readWorkPoolConcurrency: {
    method: 'POST',
    path: '/api/work_pools/{name}/concurrency_status',
    owner: 'control',
    access: 'read',
    summary: 'Which runs are held in a pool, by queue.',
    body: WorkPoolConcurrency,
    replies: { 200: WorkPoolConcurrencyStatus },
  },
  readWorkPoolSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/slots',
    owner: 'control',
    access: 'read',
    summary: "Who holds the slots of a pool's concurrency limit.",
    replies: { 200: Slots },
  },
  readWorkQueueSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/queues/{queue}/slots',
    owner: 'control',
    access: 'read',
    summary: "Who holds the slots of a queue's concurrency limit.",
    replies: { 200: Slots },
  },
  readWorkQueueStatus: {
    method: 'GET',
    path: '/api/work_queues/{id}/status',
    owner: 'control',
    access: 'read',
    summary: 'Whether a queue is polled, and how many of its runs are late.',
    replies: { 200: WorkQueueStatusDetail },
  },
  readWorkQueueConcurrency: {
    method: 'POST',
    path: '/api/work_queues/{id}/concurrency_status',
    owner: 'control',
    access: 'read',
    summary: 'Which runs of a queue are held.',
    body: WorkQueueConcurrency,
    replies: { 200: WorkQueueConcurrencyStatus },
  },
} as const satisfies Record<string, Route>;
