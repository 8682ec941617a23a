import * as z from 'zod';
import { LIMITS } from '../../core/limits.ts';
import type { Route } from '../route.ts';
import {
  Deployment,
  DeploymentCreate,
  DeploymentsCount,
  DeploymentsFilter,
  DeploymentsPage,
  DeploymentsPaginate,
  DeploymentUpdate,
  FlowRunsCreate,
  FlowRunsCreated,
} from '../schemas/deployments.ts';
import { DeploymentFlowRunCreate, FlowRun } from '../schemas/runs.ts';
import { Schedule, ScheduleCreate, ScheduleRuns, ScheduleUpdate } from '../schemas/schedules.ts';
import { Slots } from '../schemas/slots.ts';
import { anyJson } from '../verbatim.ts';

/** Deployments, and the runs made of them. */
export const deploymentsRoutes = {
  createDeployment: {
    method: 'POST',
    path: '/api/deployments/',
    owner: 'control',
    summary: 'Create a deployment, or change the one of this flow and name.',
    body: DeploymentCreate,
    replies: { 200: Deployment, 201: Deployment },
  },
  readDeployment: {
    method: 'GET',
    path: '/api/deployments/{id}',
    owner: 'control',
    summary: 'Read a deployment.',
    replies: { 200: Deployment },
  },
  readDeploymentByName: {
    method: 'GET',
    path: '/api/deployments/name/{flow}/{deployment}',
    owner: 'control',
    summary: 'Read a deployment by the names of its flow and its own.',
    replies: { 200: Deployment },
  },
  filterDeployments: {
    method: 'POST',
    path: '/api/deployments/filter',
    owner: 'control',
    summary: 'List deployments.',
    body: DeploymentsFilter,
    replies: { 200: z.array(Deployment) },
  },
  countDeployments: {
    method: 'POST',
    path: '/api/deployments/count',
    owner: 'control',
    summary: 'Count deployments.',
    body: DeploymentsCount,
    replies: { 200: z.number() },
  },
  paginateDeployments: {
    method: 'POST',
    path: '/api/deployments/paginate',
    owner: 'control',
    summary: 'A page of deployments, and how many there are.',
    body: DeploymentsPaginate,
    replies: { 200: DeploymentsPage },
  },
  updateDeployment: {
    method: 'PATCH',
    path: '/api/deployments/{id}',
    owner: 'control',
    summary: 'Change the given fields of a deployment.',
    body: DeploymentUpdate,
    replies: { 204: null },
  },
  deleteDeployment: {
    method: 'DELETE',
    path: '/api/deployments/{id}',
    owner: 'control',
    summary: 'Delete a deployment. Its waiting runs are cancelled, and all stay on record.',
    replies: { 204: null },
  },
  pauseDeployment: {
    method: 'POST',
    path: '/api/deployments/{id}/pause_deployment',
    owner: 'control',
    summary: 'Have its schedules make no runs. Those that are due already stay.',
    replies: { 200: anyJson() },
  },
  resumeDeployment: {
    method: 'POST',
    path: '/api/deployments/{id}/resume_deployment',
    owner: 'control',
    summary: 'Have its schedules make runs again.',
    replies: { 200: anyJson() },
  },
  readDeploymentSchedules: {
    method: 'GET',
    path: '/api/deployments/{id}/schedules',
    owner: 'control',
    summary: 'The schedules of a deployment.',
    replies: { 200: z.array(Schedule) },
  },
  createDeploymentSchedules: {
    method: 'POST',
    path: '/api/deployments/{id}/schedules',
    owner: 'control',
    summary: 'Add schedules to a deployment. Its runs to come are made anew.',
    body: z.array(ScheduleCreate).max(LIMITS.schedules),
    replies: { 201: z.array(Schedule) },
  },
  updateDeploymentSchedule: {
    method: 'PATCH',
    path: '/api/deployments/{id}/schedules/{schedule_id}',
    owner: 'control',
    summary: 'Change the given fields of a schedule.',
    body: ScheduleUpdate,
    replies: { 204: null },
  },
  deleteDeploymentSchedule: {
    method: 'DELETE',
    path: '/api/deployments/{id}/schedules/{schedule_id}',
    owner: 'control',
    summary: 'Delete a schedule, and its runs to come.',
    replies: { 204: null },
  },
  scheduleDeployment: {
    method: 'POST',
    path: '/api/deployments/{id}/schedule',
    owner: 'control',
    summary: 'Make the runs of its active schedules in a span of time.',
    body: ScheduleRuns,
    replies: { 200: anyJson() },
  },
  readDeploymentSlots: {
    method: 'GET',
    path: '/api/deployments/{id}/slots',
    owner: 'control',
    summary: "Who holds the slots of a deployment's concurrency limit.",
    replies: { 200: Slots },
  },
  createFlowRunFromDeployment: {
    method: 'POST',
    path: '/api/deployments/{id}/create_flow_run',
    owner: 'control',
    summary: 'Create a run of a deployment; with an idempotency key, at most one.',
    body: DeploymentFlowRunCreate,
    replies: { 200: FlowRun, 201: FlowRun },
  },
  createFlowRunsFromDeployment: {
    method: 'POST',
    path: '/api/deployments/{id}/create_flow_run/bulk',
    owner: 'control',
    summary: 'Create up to 100 runs of a deployment, each by itself.',
    body: FlowRunsCreate,
    replies: { 200: FlowRunsCreated },
  },
} as const satisfies Record<string, Route>;
