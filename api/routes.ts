import * as z from 'zod';
import type { Route } from './route.ts';
import {
  ClaimReply,
  ClaimRequest,
  HeartbeatReply,
  HeartbeatRequest,
  Worker,
} from './schemas/claims.ts';
import { anyName, uuid } from './schemas/fields.ts';
import {
  Deployment,
  DeploymentCreate,
  DeploymentsFilter,
  Flow,
  FlowCreate,
  FlowsFilter,
} from './schemas/flows.ts';
import { Log, LogCreate, LogsFilter } from './schemas/logs.ts';
import {
  WorkPool,
  WorkPoolCreate,
  WorkPoolsFilter,
  WorkPoolUpdate,
  WorkQueue,
  WorkQueueCreate,
  WorkQueuesFilter,
  WorkQueueUpdate,
} from './schemas/pools.ts';
import {
  DeploymentFlowRunCreate,
  FlowRun,
  FlowRunCreate,
  FlowRunsFilter,
  FlowRunUpdate,
} from './schemas/runs.ts';
import { FlowRunStatesQuery, OrchestrationResult, SetState, State } from './schemas/states.ts';

/**
 * THE route table. It drives validation, the handlers' types, the typed client, the OpenAPI document,
 * the local server and API Gateway: a route that is not here does not exist.
 */
export const ROUTES = {
  // What an agent needs: four routes.
  claim: {
    method: 'POST',
    path: '/api/work_pools/{name}/claim',
    owner: 'worker',
    summary: 'Claim waiting runs of a pool: each goes to exactly one session.',
    body: ClaimRequest,
    replies: { 200: ClaimReply },
  },
  heartbeat: {
    method: 'POST',
    path: '/api/work_pools/{name}/sessions/{session_id}/heartbeat',
    owner: 'worker',
    summary: 'Open, renew or end a session, and compare what it holds with what the server knows.',
    body: HeartbeatRequest,
    replies: { 200: HeartbeatReply },
  },
  setState: {
    method: 'POST',
    path: '/api/flow_runs/{id}/set_state',
    owner: 'worker',
    summary: 'Propose a state: start, finish, fail, give back, cancel.',
    body: SetState,
    replies: { 200: OrchestrationResult, 201: OrchestrationResult },
  },
  writeLogs: {
    method: 'POST',
    path: '/api/logs/',
    owner: 'worker',
    summary: 'Ship log lines.',
    body: z.array(LogCreate),
    replies: { 201: null },
  },

  createWorkPool: {
    method: 'POST',
    path: '/api/work_pools/',
    owner: 'control',
    summary: 'Create a work pool and its default queue.',
    body: WorkPoolCreate,
    replies: { 201: WorkPool },
  },
  readWorkPool: {
    method: 'GET',
    path: '/api/work_pools/{name}',
    owner: 'control',
    summary: 'Read a work pool.',
    replies: { 200: WorkPool },
  },
  updateWorkPool: {
    method: 'PATCH',
    path: '/api/work_pools/{name}',
    owner: 'control',
    summary: 'Change the given fields of a work pool.',
    body: WorkPoolUpdate,
    replies: { 204: null },
  },
  filterWorkPools: {
    method: 'POST',
    path: '/api/work_pools/filter',
    owner: 'control',
    summary: 'List work pools by name.',
    body: WorkPoolsFilter,
    replies: { 200: z.array(WorkPool) },
  },
  readWorkers: {
    method: 'GET',
    path: '/api/work_pools/{name}/workers',
    owner: 'control',
    summary: 'Every agent of a pool: its unique session id, last heartbeat, what it holds.',
    replies: { 200: z.array(Worker) },
  },

  createWorkQueue: {
    method: 'POST',
    path: '/api/work_pools/{name}/queues',
    owner: 'control',
    summary: 'Create a work queue in a pool.',
    body: WorkQueueCreate,
    replies: { 201: WorkQueue },
  },
  readWorkQueue: {
    method: 'GET',
    path: '/api/work_pools/{name}/queues/{queue}',
    owner: 'control',
    summary: 'Read a work queue.',
    replies: { 200: WorkQueue },
  },
  updateWorkQueue: {
    method: 'PATCH',
    path: '/api/work_pools/{name}/queues/{queue}',
    owner: 'control',
    summary: 'Change the given fields of a work queue.',
    body: WorkQueueUpdate,
    replies: { 204: null },
  },
  filterWorkQueues: {
    method: 'POST',
    path: '/api/work_pools/{name}/queues/filter',
    owner: 'control',
    summary: 'List the queues of a pool, first served first.',
    body: WorkQueuesFilter,
    replies: { 200: z.array(WorkQueue) },
  },

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
  createFlowRunFromDeployment: {
    method: 'POST',
    path: '/api/deployments/{id}/create_flow_run',
    owner: 'control',
    summary: 'Create a run of a deployment; with an idempotency key, at most one.',
    body: DeploymentFlowRunCreate,
    replies: { 200: FlowRun, 201: FlowRun },
  },

  createFlowRun: {
    method: 'POST',
    path: '/api/flow_runs/',
    owner: 'control',
    summary: 'Create a run of a flow, in a pool or by hand.',
    body: FlowRunCreate,
    replies: { 200: FlowRun, 201: FlowRun },
  },
  readFlowRun: {
    method: 'GET',
    path: '/api/flow_runs/{id}',
    owner: 'control',
    summary: 'Read a run, its state, and who holds it.',
    replies: { 200: FlowRun },
  },
  updateFlowRun: {
    method: 'PATCH',
    path: '/api/flow_runs/{id}',
    owner: 'control',
    summary: 'Change the given fields of a run; never its state.',
    body: FlowRunUpdate,
    replies: { 204: null },
  },
  filterFlowRuns: {
    method: 'POST',
    path: '/api/flow_runs/filter',
    owner: 'control',
    summary: 'List runs.',
    body: FlowRunsFilter,
    replies: { 200: z.array(FlowRun) },
  },
  readFlowRunStates: {
    method: 'GET',
    path: '/api/flow_run_states/',
    owner: 'control',
    summary: 'The states a run has gone through, oldest first.',
    query: FlowRunStatesQuery,
    replies: { 200: z.array(State) },
  },
  filterLogs: {
    method: 'POST',
    path: '/api/logs/filter',
    owner: 'control',
    summary: 'Read log lines of runs.',
    body: LogsFilter,
    replies: { 200: z.array(Log) },
  },

  readHealth: {
    method: 'GET',
    path: '/api/health',
    owner: 'control',
    summary: 'true, as soon as requests are answered.',
    replies: { 200: z.literal(true) },
  },
  readReady: {
    method: 'GET',
    path: '/api/ready',
    owner: 'control',
    summary: 'OK once the table answers, too.',
    replies: { 200: z.object({ message: z.string() }) },
  },
  readOpenapi: {
    method: 'GET',
    path: '/api/openapi.json',
    owner: 'control',
    summary: 'This API, as an OpenAPI 3.1 document.',
    replies: { 200: z.unknown() },
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** What each name in a path must look like. */
export const PATH_PARAMETERS: Readonly<Record<string, z.ZodType<string>>> = {
  id: uuid,
  session_id: uuid,
  name: anyName,
  queue: anyName,
  flow: anyName,
  deployment: anyName,
};
