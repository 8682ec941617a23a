import type { Route } from '../route.ts';
import { Slots } from './schemas.ts';

/** Who holds the slots of a pool, a queue or a deployment. */
export const limitsRoutes = {
  readDeploymentSlots: {
    method: 'GET',
    path: '/api/deployments/{id}/slots',
    owner: 'control',
    access: 'read',
    about: 'deployment',
    summary: "Who holds the slots of a deployment's concurrency limit.",
    replies: { 200: Slots },
  },
  readWorkPoolSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/slots',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: "Who holds the slots of a pool's concurrency limit.",
    replies: { 200: Slots },
  },
  readWorkQueueSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/queues/{queue}/slots',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: "Who holds the slots of a queue's concurrency limit.",
    replies: { 200: Slots },
  },
} as const satisfies Record<string, Route>;
