import * as z from 'zod';
import { ByHand } from '../fields/by-hand.ts';
import type { Route } from '../route.ts';
import { FlowRun } from '../runs/schemas.ts';
import { PolledRun, PollRequest, QueuePollRequest, ServePollRequest } from './polls-schemas.ts';
import { ClaimRecord, ClaimReply, ClaimRequest } from './schemas.ts';

/** What an agent needs: four routes; and what a Prefect worker has in place of two of them. */
export const claimsRoutes = {
  claim: {
    method: 'POST',
    path: '/api/work_pools/{name}/claim',
    owner: 'worker',
    access: 'poll',
    summary: 'Claim waiting runs of a pool: each goes to exactly one session.',
    body: ClaimRequest,
    replies: { 200: ClaimReply },
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
  readFlowRunClaims: {
    method: 'GET',
    path: '/api/flow_runs/{id}/claims',
    owner: 'control',
    access: 'read',
    summary: 'Every attempt at a run: who had it, from when to when, and why not any longer.',
    replies: { 200: z.array(ClaimRecord) },
  },
  releaseFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/{id}/release',
    owner: 'control',
    access: 'operate',
    summary:
      'Take a run from whoever holds it, back into its queue. Its holder is told to stop it.',
    body: ByHand,
    replies: { 200: FlowRun },
  },
} as const satisfies Record<string, Route>;
