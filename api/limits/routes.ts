import type { Route } from '../route.ts';
import { Slots } from './schemas.ts';

/** The slots of a pool, a queue or a deployment, and their holders. */
export const limitsRoutes = {
  readDeploymentSlots: {
    method: 'GET',
    path: '/api/deployments/{id}/slots',
    owner: 'control',
    access: 'read',
    about: 'deployment',
    summary: "List the slots of a deployment's concurrency limit, with their holders.",
    replies: { 200: Slots },
  },
  readWorkPoolSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/slots',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: "List the slots of a pool's concurrency limit, with their holders.",
    replies: { 200: Slots },
  },
  readWorkQueueSlots: {
    method: 'GET',
    path: '/api/work_pools/{name}/queues/{queue}/slots',
    owner: 'control',
    access: 'read',
    about: 'pool',
    summary: "List the slots of a queue's concurrency limit, with their holders.",
    replies: { 200: Slots },
  },
} as const satisfies Record<string, Route>;
