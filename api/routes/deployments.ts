import * as z from 'zod';
import type { Route } from '../route.ts';
import { Deployment, DeploymentCreate, DeploymentsFilter } from '../schemas/flows.ts';
import { DeploymentFlowRunCreate, FlowRun } from '../schemas/runs.ts';
import { Slots } from '../schemas/slots.ts';

/** Deployments, and the runs made of them. */
export const deploymentsRoutes = {
  createDeployment: {
    method: 'POST',
    path: '/api/deployments/',
    owner: 'control',
    summary: 'Create a deployment, or overwrite the one of this flow and name.',
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
    summary: 'List deployments by name.',
    body: DeploymentsFilter,
    replies: { 200: z.array(Deployment) },
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
} as const satisfies Record<string, Route>;
