import * as z from 'zod';
import type { Route } from '../route.ts';
import {
  WorkQueueConcurrency,
  WorkQueueConcurrencyStatus,
  WorkQueueStatusDetail,
} from '../schemas/concurrency-status.ts';
import { WorkQueue, WorkQueueCreate, WorkQueuesFilter, WorkQueueUpdate } from '../schemas/pools.ts';
import { Slots } from '../schemas/slots.ts';

/** Work queues: by pool and name, and by id. */
export const workQueuesRoutes = {
  createWorkQueue: {
    method: 'POST',
    path: '/api/work_pools/{name}/queues',
    owner: 'control',
    summary: 'Create a work queue in a pool.',
    body: WorkQueueCreate,
    replies: { 201: WorkQueue },
  },
  readWorkQueue: {
    method: 'GET',
    path: '/api/work_pools/{name}/queues/{queue}',
    owner: 'control',
    summary: 'Read a work queue.',
    replies: { 200: WorkQueue },
  },
  updateWorkQueue: {
    method: 'PATCH',
    path: '/api/work_pools/{name}/queues/{queue}',
    owner: 'control',
    summary: 'Change the given fields of a work queue.',
    body: WorkQueueUpdate,
    replies: { 204: null },
  },
  deleteWorkQueue: {
    method: 'DELETE',
    path: '/api/work_pools/{name}/queues/{queue}',
    owner: 'control',
    summary: 'Delete a work queue. What is held of it goes on.',
    replies: { 204: null },
  },
  filterWorkQueues: {
    method: 'POST',
    path: '/api/work_pools/{name}/queues/filter',
    owner: 'control',
    summary: 'List the queues of a pool, first served first.',
    body: WorkQueuesFilter,
    replies: { 200: z.array(WorkQueue) },
  },
  readWorkQueueSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/queues/{queue}/slots',
    owner: 'control',
    summary: "Who holds the slots of a queue's concurrency limit.",
    replies: { 200: Slots },
  },
  createDefaultPoolQueue: {
    method: 'POST',
    path: '/api/work_queues/',
    owner: 'control',
    summary: 'Create a work queue in the pool of those that have none: default-agent-pool.',
    body: WorkQueueCreate,
    replies: { 201: WorkQueue },
  },
  defaultAgentPoolQueue: {
    method: 'GET',
    path: '/api/work_queues/name/{queue}',
    owner: 'control',
    summary: 'Read a work queue of default-agent-pool by its name.',
    replies: { 200: WorkQueue },
  },
  filterAllWorkQueues: {
    method: 'POST',
    path: '/api/work_queues/filter',
    owner: 'control',
    summary: 'List the queues of all pools by name.',
    body: WorkQueuesFilter,
    replies: { 200: z.array(WorkQueue) },
  },
  readWorkQueueById: {
    method: 'GET',
    path: '/api/work_queues/{id}',
    owner: 'control',
    summary: 'Read a work queue by its id.',
    replies: { 200: WorkQueue },
  },
  updateWorkQueueById: {
    method: 'PATCH',
    path: '/api/work_queues/{id}',
    owner: 'control',
    summary: 'Change the given fields of a work queue.',
    body: WorkQueueUpdate,
    replies: { 204: null },
  },
  deleteWorkQueueById: {
    method: 'DELETE',
    path: '/api/work_queues/{id}',
    owner: 'control',
    summary: 'Delete a work queue. What is held of it goes on.',
    replies: { 204: null },
  },
  readWorkQueueStatus: {
    method: 'GET',
    path: '/api/work_queues/{id}/status',
    owner: 'control',
    summary: 'Whether a queue is polled, and how many of its runs are late.',
    replies: { 200: WorkQueueStatusDetail },
  },
  readWorkQueueConcurrency: {
    method: 'POST',
    path: '/api/work_queues/{id}/concurrency_status',
    owner: 'control',
    summary: 'Which runs of a queue are held.',
    body: WorkQueueConcurrency,
    replies: { 200: WorkQueueConcurrencyStatus },
  },
} as const satisfies Record<string, Route>;
