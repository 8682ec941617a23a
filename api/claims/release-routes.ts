import * as z from 'zod';
import { ByHand } from '../fields/by-hand.ts';
import type { Route } from '../route.ts';
import { FlowRun } from '../runs/schemas.ts';
import { ClaimRecord } from './schemas.ts';

/** Who held a run, and how an operator takes it back. */
export const releaseRoutes = {
  readFlowRunClaims: {
    method: 'GET',
    path: '/api/flow_runs/{id}/claims',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'Every attempt at a run: who had it, from when to when, and why not any longer.',
    replies: { 200: z.array(ClaimRecord) },
  },
  releaseFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/{id}/release',
    owner: 'control',
    access: 'operate',
    about: 'run',
    summary:
      'Take a run from whoever holds it, back into its queue. Its holder is told to stop it.',
    body: ByHand,
    replies: { 200: FlowRun },
  },
} as const satisfies Record<string, Route>;
