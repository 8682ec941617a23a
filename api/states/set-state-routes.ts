import type { Route } from '../route.ts';
import { OrchestrationResult, SetState } from './schemas.ts';

/** How a state is proposed. */
export const setStateRoutes = {
  setState: {
    method: 'POST',
    path: '/api/flow_runs/{id}/set_state',
    owner: 'worker',
    access: 'execute',
    about: 'run',
    summary: 'Propose a state: start, finish, fail, give back, cancel.',
    body: SetState,
    replies: { 200: OrchestrationResult, 201: OrchestrationResult },
  },
} as const satisfies Record<string, Route>;
