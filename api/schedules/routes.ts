import * as z from 'zod';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Route } from '../route.ts';
import { anyJson } from '../verbatim.ts';
import { Schedule, ScheduleCreate, ScheduleRuns, ScheduleUpdate } from './schemas.ts';

/** The schedules of a deployment. */
export const schedulesRoutes = {
  readDeploymentSchedules: {
    method: 'GET',
    path: '/api/deployments/{id}/schedules',
    owner: 'control',
    access: 'read',
    about: 'deployment',
    summary: 'List the schedules of a deployment.',
    replies: { 200: z.array(Schedule) },
  },
  createDeploymentSchedules: {
    method: 'POST',
    path: '/api/deployments/{id}/schedules',
    owner: 'control',
    access: 'deploy',
    about: 'deployment',
    summary: 'Add schedules to a deployment. Its future scheduled runs are created anew.',
    body: z.array(ScheduleCreate).max(NUMBERS.schedules),
    replies: { 201: z.array(Schedule) },
  },
  updateDeploymentSchedule: {
    method: 'PATCH',
    path: '/api/deployments/{id}/schedules/{schedule_id}',
    owner: 'control',
    access: 'deploy',
    about: 'deployment',
    summary: 'Change the given fields of a schedule.',
    body: ScheduleUpdate,
    replies: { 204: null },
  },
  deleteDeploymentSchedule: {
    method: 'DELETE',
    path: '/api/deployments/{id}/schedules/{schedule_id}',
    owner: 'control',
    access: 'deploy',
    about: 'deployment',
    summary: 'Delete a schedule and its future runs.',
    replies: { 204: null },
  },
  scheduleDeployment: {
    method: 'POST',
    path: '/api/deployments/{id}/schedule',
    owner: 'control',
    access: 'deploy',
    about: 'deployment',
    summary: 'Create the runs of the active schedules of a deployment in a period of time.',
    body: ScheduleRuns,
    replies: { 200: anyJson() },
  },
} as const satisfies Record<string, Route>;
