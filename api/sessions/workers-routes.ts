import * as z from 'zod';
import type { Route } from '../route.ts';
import { DrainRequest, PrefectWorker, Worker, WorkersFilter } from './schemas.ts';

/** The agents and workers of a pool, as people see and stop them. */
export const workersRoutes = {
  readWorkers: {
    method: 'GET',
    path: '/api/work_pools/{name}/workers',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: 'Every agent of a pool: its unique session id, last heartbeat, what it holds.',
    replies: { 200: z.array(Worker) },
  },
  filterWorkers: {
    method: 'POST',
    path: '/api/work_pools/{name}/workers/filter',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: 'List the agents of a pool by their names, last heartbeat first.',
    body: WorkersFilter,
    replies: { 200: z.array(PrefectWorker) },
  },
  deleteWorker: {
    method: 'DELETE',
    path: '/api/work_pools/{name}/workers/{worker}',
    owner: 'control',
    access: 'operate',
    about: 'pool',
    summary: 'Take an agent off the list. What it holds, if it lives, goes to others.',
    replies: { 204: null },
  },
  drainAgent: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/drain',
    owner: 'control',
    access: 'operate',
    about: 'pool',
    summary: 'No new claims for this agent; what it holds, it finishes.',
    body: DrainRequest,
    replies: { 200: Worker },
  },
} as const satisfies Record<string, Route>;
