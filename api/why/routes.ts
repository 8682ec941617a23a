import type { Route } from '../route.ts';
import { Why } from './schemas.ts';

/** Why a run is not running. */
export const whyRoutes = {
  readFlowRunWhy: {
    method: 'GET',
    path: '/api/flow_runs/{id}/why',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'Tell why a run is not running: every cause, and what to do about it.',
    replies: { 200: Why },
  },
} as const satisfies Record<string, Route>;
