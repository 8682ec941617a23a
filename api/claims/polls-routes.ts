import * as z from 'zod';
import type { Route } from '../route.ts';
import { FlowRun } from '../runs/schemas.ts';
import { PolledRun, PollRequest, QueuePollRequest, ServePollRequest } from './polls-schemas.ts';

/** How Prefect's workers, agents and served flows ask for waiting runs. */
export const pollsRoutes = {
  pollWorkPool: {
    method: 'POST',
    path: '/api/work_pools/{name}/get_scheduled_flow_runs',
    owner: 'worker',
    access: 'poll',
    about: 'pool',
    summary: 'Show a Prefect worker the waiting runs of a pool. It claims each with set_state.',
    body: PollRequest,
    replies: { 200: z.array(PolledRun) },
  },
  pollWorkQueue: {
    method: 'POST',
    path: '/api/work_queues/{id}/get_runs',
    owner: 'worker',
    access: 'poll',
    about: 'queue',
    summary: "Show one of Prefect's oldest agents the waiting runs of a queue.",
    body: QueuePollRequest,
    replies: { 200: z.array(FlowRun) },
  },
  pollDeployments: {
    method: 'POST',
    path: '/api/deployments/get_scheduled_flow_runs',
    owner: 'worker',
    access: 'execute',
    about: 'its body',
    summary: 'Show a process that serves deployments the waiting runs of those deployments.',
    body: ServePollRequest,
    replies: { 200: z.array(FlowRun) },
  },
} as const satisfies Record<string, Route>;
