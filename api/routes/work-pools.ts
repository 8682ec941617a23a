import * as z from 'zod';
import type { Route } from '../route.ts';
import { PrefectWorker, Worker } from '../schemas/claims.ts';
import { WorkPoolConcurrency, WorkPoolConcurrencyStatus } from '../schemas/concurrency-status.ts';
import { ByHand, DrainRequest, PoolNames } from '../schemas/operators.ts';
import {
  WorkersFilter,
  WorkPool,
  WorkPoolCreate,
  WorkPoolsCount,
  WorkPoolsFilter,
  WorkPoolUpdate,
} from '../schemas/pools.ts';
import { Slots } from '../schemas/slots.ts';

/** Work pools, and the agents that poll them. */
export const workPoolsRoutes = {
  createWorkPool: {
    method: 'POST',
    path: '/api/work_pools/',
    owner: 'control',
    summary: 'Create a work pool and its default queue.',
    body: WorkPoolCreate,
    replies: { 201: WorkPool },
  },
  readWorkPool: {
    method: 'GET',
    path: '/api/work_pools/{name}',
    owner: 'control',
    summary: 'Read a work pool.',
    replies: { 200: WorkPool },
  },
  updateWorkPool: {
    method: 'PATCH',
    path: '/api/work_pools/{name}',
    owner: 'control',
    summary: 'Change the given fields of a work pool.',
    body: WorkPoolUpdate,
    replies: { 204: null },
  },
  deleteWorkPool: {
    method: 'DELETE',
    path: '/api/work_pools/{name}',
    owner: 'control',
    summary: 'Delete a work pool and its queues. What is held there goes on.',
    replies: { 204: null },
  },
  countWorkPools: {
    method: 'POST',
    path: '/api/work_pools/count',
    owner: 'control',
    summary: 'Count work pools.',
    body: WorkPoolsCount,
    replies: { 200: z.number() },
  },
  filterWorkPools: {
    method: 'POST',
    path: '/api/work_pools/filter',
    owner: 'control',
    summary: 'List work pools by name.',
    body: WorkPoolsFilter,
    replies: { 200: z.array(WorkPool) },
  },
  readWorkers: {
    method: 'GET',
    path: '/api/work_pools/{name}/workers',
    owner: 'control',
    summary: 'Every agent of a pool: its unique session id, last heartbeat, what it holds.',
    replies: { 200: z.array(Worker) },
  },
  filterWorkers: {
    method: 'POST',
    path: '/api/work_pools/{name}/workers/filter',
    owner: 'control',
    summary: 'List the agents of a pool by their names, last heartbeat first.',
    body: WorkersFilter,
    replies: { 200: z.array(PrefectWorker) },
  },
  deleteWorker: {
    method: 'DELETE',
    path: '/api/work_pools/{name}/workers/{worker}',
    owner: 'control',
    summary: 'Take an agent off the list. What it holds, if it lives, goes to others.',
    replies: { 204: null },
  },
  readWorkPoolConcurrency: {
    method: 'POST',
    path: '/api/work_pools/{name}/concurrency_status',
    owner: 'control',
    summary: 'Which runs are held in a pool, by queue.',
    body: WorkPoolConcurrency,
    replies: { 200: WorkPoolConcurrencyStatus },
  },
  readWorkPoolSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/slots',
    owner: 'control',
    summary: "Who holds the slots of a pool's concurrency limit.",
    replies: { 200: Slots },
  },
  drainAgent: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/drain',
    owner: 'control',
    summary: 'No new claims for this agent; what it holds, it finishes.',
    body: DrainRequest,
    replies: { 200: Worker },
  },
  pauseWorkPools: {
    method: 'POST',
    path: '/api/work_pools/pause',
    owner: 'control',
    summary: 'Pause every pool that is not paused.',
    body: ByHand,
    replies: { 200: PoolNames },
  },
  resumeWorkPools: {
    method: 'POST',
    path: '/api/work_pools/resume',
    owner: 'control',
    summary: 'Resume the pools that were paused all at once; the others stay paused.',
    body: ByHand,
    replies: { 200: PoolNames },
  },
} as const satisfies Record<string, Route>;
