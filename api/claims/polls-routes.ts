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
    summary: "What a Prefect worker polls: a pool's waiting runs. It claims each with set_state.",
    body: PollRequest,
    replies: { 200: z.array(PolledRun) },
  },
  pollWorkQueue: {
    method: 'POST',
    path: '/api/work_queues/{id}/get_runs',
    owner: 'worker',
    access: 'poll',
    about: 'queue',
    summary: "What Prefect's oldest agents poll: a queue's waiting runs.",
    body: QueuePollRequest,
    replies: { 200: z.array(FlowRun) },
  },
  pollDeployments: {
    method: 'POST',
    path: '/api/deployments/get_scheduled_flow_runs',
    owner: 'worker',
    access: 'execute',
    about: 'its body',
    summary: 'What a process polls that serves deployments: their waiting runs.',
    body: ServePollRequest,
    replies: { 200: z.array(FlowRun) },
  },
} as const satisfies Record<string, Route>;
