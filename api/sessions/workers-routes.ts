import * as z from 'zod';
import type { Route } from '../route.ts';
import { DrainRequest, PrefectWorker, Worker, WorkersFilter } from './schemas.ts';

/** The agents and workers of a pool, for operators who watch and stop them. */
export const workersRoutes = {
  readWorkers: {
    method: 'GET',
    path: '/api/work_pools/{name}/workers',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: 'List every agent of a pool: its session id, its last heartbeat, the runs it holds.',
    replies: { 200: z.array(Worker) },
  },
  filterWorkers: {
    method: 'POST',
    path: '/api/work_pools/{name}/workers/filter',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: 'List the agents of a pool by name, the latest heartbeat first.',
    body: WorkersFilter,
    replies: { 200: z.array(PrefectWorker) },
  },
  deleteWorker: {
    method: 'DELETE',
    path: '/api/work_pools/{name}/workers/{worker}',
    owner: 'control',
    access: 'operate',
    about: 'pool',
    summary: 'Remove an agent from the list. If it is alive, others get the runs that it holds.',
    replies: { 204: null },
  },
  drainAgent: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/drain',
    owner: 'control',
    access: 'operate',
    about: 'pool',
    summary: 'Drain an agent: it claims no more runs, and finishes those that it holds.',
    body: DrainRequest,
    replies: { 200: Worker },
  },
} as const satisfies Record<string, Route>;
