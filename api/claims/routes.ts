import type { Route } from '../route.ts';
import { ClaimReply, ClaimRequest } from './schemas.ts';

/** The claim: how an agent asks for runs. */
export const claimsRoutes = {
  claim: {
    method: 'POST',
    path: '/api/work_pools/{name}/claim',
    owner: 'worker',
    access: 'poll',
    about: 'pool',
    summary: 'Claim waiting runs of a pool: each goes to exactly one session.',
    body: ClaimRequest,
    replies: { 200: ClaimReply },
  },
} as const satisfies Record<string, Route>;
