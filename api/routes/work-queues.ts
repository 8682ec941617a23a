import * as z from 'zod';
import type { Route } from '../route.ts';
import { WorkQueue, WorkQueueCreate, WorkQueuesFilter, WorkQueueUpdate } from '../schemas/pools.ts';
import { Slots } from '../schemas/slots.ts';

/** Work queues. */
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
} as const satisfies Record<string, Route>;
