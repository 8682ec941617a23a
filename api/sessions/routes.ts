import type { Route } from '../route.ts';
import { HeartbeatReply, HeartbeatRequest, WorkerHeartbeat } from './schemas.ts';

/** Heartbeats of agents and of Prefect workers. */
export const sessionsRoutes = {
  heartbeat: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/heartbeat',
    owner: 'worker',
    access: 'poll',
    about: 'its body',
    summary: 'Open, renew or end a session, and compare its runs with what the server knows.',
    body: HeartbeatRequest,
    replies: { 200: HeartbeatReply },
  },
  workerHeartbeat: {
    method: 'POST',
    path: '/api/work_pools/{name}/workers/heartbeat',
    owner: 'worker',
    access: 'poll',
    about: 'pool',
    summary: 'Open or renew the session of a Prefect worker.',
    body: WorkerHeartbeat,
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
