import * as z from 'zod';
import type { Route } from '../route.ts';
import { FlowRunsCount } from './schemas.ts';
import { FlowRunHistory, RunHistory } from './statistics-schemas.ts';

/** How many runs there are, how late they are, and in which states. */
export const statisticsRoutes = {
  countFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/count',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'Count runs.',
    body: FlowRunsCount,
    replies: { 200: z.number() },
  },
  readFlowRunLateness: {
    method: 'POST',
    path: '/api/flow_runs/lateness',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'Tell by how many seconds runs are late, on average.',
    body: FlowRunsCount,
    replies: { 200: z.number().nullable() },
  },
  readFlowRunHistory: {
    method: 'POST',
    path: '/api/flow_runs/history',
    owner: 'control',
    access: 'read',
    about: 'any pool',
    summary: 'Count runs by expected start time and by state.',
    body: FlowRunHistory,
    replies: { 200: RunHistory },
  },
} as const satisfies Record<string, Route>;
