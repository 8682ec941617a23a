import * as z from 'zod';
import type { Route } from '../route.ts';
import {
  ClaimReply,
  ClaimRequest,
  HeartbeatReply,
  HeartbeatRequest,
  WorkerHeartbeat,
} from '../schemas/claims.ts';
import { LogCreate } from '../schemas/logs.ts';
import { PolledRun, PollRequest, QueuePollRequest, ServePollRequest } from '../schemas/polls.ts';
import { FlowRun } from '../schemas/runs.ts';
import { OrchestrationResult, SetState } from '../schemas/states.ts';

/** What an agent needs: four routes; and what a Prefect worker has in place of two of them. */
export const agentsRoutes = {
  claim: {
    method: 'POST',
    path: '/api/work_pools/{name}/claim',
    owner: 'worker',
    access: 'poll',
    summary: 'Claim waiting runs of a pool: each goes to exactly one session.',
    body: ClaimRequest,
    replies: { 200: ClaimReply },
  },
  heartbeat: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/heartbeat',
    owner: 'worker',
    access: 'poll',
    summary: 'Open, renew or end a session, and compare what it holds with what the server knows.',
    body: HeartbeatRequest,
    replies: { 200: HeartbeatReply },
  },
  setState: {
    method: 'POST',
    path: '/api/flow_runs/{id}/set_state',
    owner: 'worker',
    access: 'execute',
    summary: 'Propose a state: start, finish, fail, give back, cancel.',
    body: SetState,
    replies: { 200: OrchestrationResult, 201: OrchestrationResult },
  },
  writeLogs: {
    method: 'POST',
    path: '/api/logs/',
    owner: 'worker',
    access: 'execute',
    summary: 'Ship log lines.',
    body: z.array(LogCreate),
    replies: { 201: null },
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
  pollWorkPool: {
    method: 'POST',
    path: '/api/work_pools/{name}/get_scheduled_flow_runs',
    owner: 'worker',
    access: 'poll',
    summary: "What a Prefect worker polls: a pool's waiting runs. It claims each with set_state.",
    body: PollRequest,
    replies: { 200: z.array(PolledRun) },
  },
  pollWorkQueue: {
    method: 'POST',
    path: '/api/work_queues/{id}/get_runs',
    owner: 'worker',
    access: 'poll',
    summary: "What Prefect's oldest agents poll: a queue's waiting runs.",
    body: QueuePollRequest,
    replies: { 200: z.array(FlowRun) },
  },
  pollDeployments: {
    method: 'POST',
    path: '/api/deployments/get_scheduled_flow_runs',
    owner: 'worker',
    access: 'execute',
    summary: 'What a process polls that serves deployments: their waiting runs.',
    body: ServePollRequest,
    replies: { 200: z.array(FlowRun) },
  },
} as const satisfies Record<string, Route>;
