import * as z from 'zod';
import type { Route } from '../route.ts';
import {
  DrainRequest,
  HeartbeatReply,
  HeartbeatRequest,
  PrefectWorker,
  Worker,
  WorkerHeartbeat,
  WorkersFilter,
} from './schemas.ts';

/** sessions. */
export const sessionsRoutes = {
  heartbeat: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/heartbeat',
    owner: 'worker',
    access: 'poll',
    summary: 'Open, renew or end a session, and compare what it holds with what the server knows.',
    body: HeartbeatRequest,
    replies: { 200: HeartbeatReply },
  },
  workerHeartbeat: {
    method: 'POST',
    path: '/api/work_pools/{name}/workers/heartbeat',
    owner: 'worker',
    access: 'poll',
    summary: "A Prefect worker's sign of life: opens its session, or renews it.",
    body: WorkerHeartbeat,
    replies: { 204: null },
  },
  readWorkers: {
    method: 'GET',
    path: '/api/work_pools/{name}/workers',
    owner: 'control',
    access: 'read',
    summary: 'Every agent of a pool: its unique session id, last heartbeat, what it holds.',
    replies: { 200: z.array(Worker) },
  },
  filterWorkers: {
    method: 'POST',
    path: '/api/work_pools/{name}/workers/filter',
    owner: 'control',
    access: 'read',
    summary: 'List the agents of a pool by their names, last heartbeat first.',
    body: WorkersFilter,
    replies: { 200: z.array(PrefectWorker) },
  },
  deleteWorker: {
    method: 'DELETE',
    path: '/api/work_pools/{name}/workers/{worker}',
    owner: 'control',
    access: 'operate',
    summary: 'Take an agent off the list. What it holds, if it lives, goes to others.',
    replies: { 204: null },
  },
  drainAgent: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/drain',
    owner: 'control',
    access: 'operate',
    summary: 'No new claims for this agent; what it holds, it finishes.',
    body: DrainRequest,
    replies: { 200: Worker },
  },
} as const satisfies Record<string, Route>;
