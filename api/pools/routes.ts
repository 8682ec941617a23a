import * as z from 'zod';
import { ByHand } from '../fields/by-hand.ts';
import type { Route } from '../route.ts';
import {
  PoolNames,
  WorkPool,
  WorkPoolCreate,
  WorkPoolsCount,
  WorkPoolsFilter,
  WorkPoolUpdate,
} from './schemas.ts';

/** Work pools, and the agents that poll them. */
export const poolsRoutes = {
  createWorkPool: {
    method: 'POST',
    path: '/api/work_pools/',
    owner: 'control',
    access: 'operate',
    summary: 'Create a work pool and its default queue.',
    body: WorkPoolCreate,
    replies: { 201: WorkPool },
  },
  readWorkPool: {
    method: 'GET',
    path: '/api/work_pools/{name}',
    owner: 'control',
    access: 'read',
    summary: 'Read a work pool.',
    replies: { 200: WorkPool },
  },
  updateWorkPool: {
    method: 'PATCH',
    path: '/api/work_pools/{name}',
    owner: 'control',
    access: 'operate',
    summary: 'Change the given fields of a work pool.',
    body: WorkPoolUpdate,
    replies: { 204: null },
  },
  deleteWorkPool: {
    method: 'DELETE',
    path: '/api/work_pools/{name}',
    owner: 'control',
    access: 'operate',
    summary: 'Delete a work pool and its queues. What is held there goes on.',
    replies: { 204: null },
  },
  countWorkPools: {
    method: 'POST',
    path: '/api/work_pools/count',
    owner: 'control',
    access: 'read',
    summary: 'Count work pools.',
    body: WorkPoolsCount,
    replies: { 200: z.number() },
  },
  filterWorkPools: {
    method: 'POST',
    path: '/api/work_pools/filter',
    owner: 'control',
    access: 'read',
    summary: 'List work pools by name.',
    body: WorkPoolsFilter,
    replies: { 200: z.array(WorkPool) },
  },
  pauseWorkPools: {
    method: 'POST',
    path: '/api/work_pools/pause',
    owner: 'control',
    access: 'operate',
    summary: 'Pause every pool that is not paused.',
    body: ByHand,
    replies: { 200: PoolNames },
  },
  resumeWorkPools: {
    method: 'POST',
    path: '/api/work_pools/resume',
    owner: 'control',
    access: 'operate',
    summary: 'Resume the pools that were paused all at once; the others stay paused.',
    body: ByHand,
    replies: { 200: PoolNames },
  },
} as const satisfies Record<string, Route>;
