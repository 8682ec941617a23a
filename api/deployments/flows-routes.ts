import * as z from 'zod';
import type { Route } from '../route.ts';
import {
  Flow,
  FlowCreate,
  FlowsCount,
  FlowsFilter,
  FlowsPage,
  FlowsPaginate,
  FlowUpdate,
} from './flows-schemas.ts';

/** Flows. */
export const flowsRoutes = {
  createFlow: {
    method: 'POST',
    path: '/api/flows/',
    owner: 'control',
    access: 'execute',
    summary: 'Create a flow, or find it by its name.',
    body: FlowCreate,
    replies: { 200: Flow, 201: Flow },
  },
  readFlow: {
    method: 'GET',
    path: '/api/flows/{id}',
    owner: 'control',
    access: 'read',
    summary: 'Read a flow.',
    replies: { 200: Flow },
  },
  readFlowByName: {
    method: 'GET',
    path: '/api/flows/name/{flow}',
    owner: 'control',
    access: 'read',
    summary: 'Read a flow by its name.',
    replies: { 200: Flow },
  },
  updateFlow: {
    method: 'PATCH',
    path: '/api/flows/{id}',
    owner: 'control',
    access: 'deploy',
    summary: 'Change the tags of a flow.',
    body: FlowUpdate,
    replies: { 204: null },
  },
  deleteFlow: {
    method: 'DELETE',
    path: '/api/flows/{id}',
    owner: 'control',
    access: 'deploy',
    summary: 'Delete a flow with its deployments. Its runs stay on record.',
    replies: { 204: null },
  },
  filterFlows: {
    method: 'POST',
    path: '/api/flows/filter',
    owner: 'control',
    access: 'read',
    summary: 'List flows.',
    body: FlowsFilter,
    replies: { 200: z.array(Flow) },
  },
  countFlows: {
    method: 'POST',
    path: '/api/flows/count',
    owner: 'control',
    access: 'read',
    summary: 'Count flows.',
    body: FlowsCount,
    replies: { 200: z.number() },
  },
  paginateFlows: {
    method: 'POST',
    path: '/api/flows/paginate',
    owner: 'control',
    access: 'read',
    summary: 'A page of flows, and how many there are.',
    body: FlowsPaginate,
    replies: { 200: FlowsPage },
  },
} as const satisfies Record<string, Route>;
