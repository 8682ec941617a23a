import * as z from 'zod';
import type { Route } from '../route.ts';
import { Flow, FlowCreate, FlowsFilter } from '../schemas/flows.ts';

/** Flows. */
export const flowsRoutes = {
  createFlow: {
    method: 'POST',
    path: '/api/flows/',
    owner: 'control',
    summary: 'Create a flow, or find it by its name.',
    body: FlowCreate,
    replies: { 200: Flow, 201: Flow },
  },
  readFlow: {
    method: 'GET',
    path: '/api/flows/{id}',
    owner: 'control',
    summary: 'Read a flow.',
    replies: { 200: Flow },
  },
  readFlowByName: {
    method: 'GET',
    path: '/api/flows/name/{flow}',
    owner: 'control',
    summary: 'Read a flow by its name.',
    replies: { 200: Flow },
  },
  filterFlows: {
    method: 'POST',
    path: '/api/flows/filter',
    owner: 'control',
    summary: 'List flows by name.',
    body: FlowsFilter,
    replies: { 200: z.array(Flow) },
  },
} as const satisfies Record<string, Route>;
