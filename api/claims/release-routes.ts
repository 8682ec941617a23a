import * as z from 'zod';
import { ByHand } from '../fields/by-hand.ts';
import type { Route } from '../route.ts';
import { FlowRun } from '../runs/schemas.ts';
import { ClaimRecord } from './schemas.ts';

/** Who has held a run, and how an operator takes a run from its holder. */
export const releaseRoutes = {
  readFlowRunClaims: {
    method: 'GET',
    path: '/api/flow_runs/{id}/claims',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'List the claims of a run: its holder, its start and end, and why it ended.',
    replies: { 200: z.array(ClaimRecord) },
  },
  releaseFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/{id}/release',
    owner: 'control',
    access: 'operate',
    about: 'run',
    summary:
      'Take a run from its holder and put it back into its queue. The holder is told to stop it.',
    body: ByHand,
    replies: { 200: FlowRun },
  },
} as const satisfies Record<string, Route>;
