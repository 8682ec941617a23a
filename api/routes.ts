import type * as z from 'zod';
import type { Route } from './route.ts';
import { agentsRoutes } from './routes/agents.ts';
import { apiKeysRoutes } from './routes/api-keys.ts';
import { artifactsRoutes } from './routes/artifacts.ts';
import { blocksRoutes } from './routes/blocks.ts';
import { deploymentsRoutes } from './routes/deployments.ts';
import { flowRunsRoutes } from './routes/flow-runs.ts';
import { flowsRoutes } from './routes/flows.ts';
import { namedLimitsRoutes } from './routes/named-limits.ts';
import { runInputsRoutes } from './routes/run-inputs.ts';
import { serverRoutes } from './routes/server.ts';
import { taskRunsRoutes } from './routes/task-runs.ts';
import { unsupportedRoutes } from './routes/unsupported.ts';
import { variablesRoutes } from './routes/variables.ts';
import { workPoolsRoutes } from './routes/work-pools.ts';
import { workQueuesRoutes } from './routes/work-queues.ts';
import { anyName, uuid } from './schemas/fields.ts';

/**
 * THE route table. It drives validation, the handlers' types, the typed client, the OpenAPI document,
 * the local server and API Gateway: a route that is not here does not exist.
 */
export const ROUTES = {
  ...agentsRoutes,
  ...workPoolsRoutes,
  ...workQueuesRoutes,
  ...flowsRoutes,
  ...deploymentsRoutes,
  ...blocksRoutes,
  ...flowRunsRoutes,
  ...runInputsRoutes,
  ...variablesRoutes,
  ...artifactsRoutes,
  ...namedLimitsRoutes,
  ...unsupportedRoutes,
  ...taskRunsRoutes,
  ...apiKeysRoutes,
  ...serverRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** What each name in a path must look like. */
export const PATH_PARAMETERS: Readonly<Record<string, z.ZodType<string>>> = {
  id: uuid,
  session_id: uuid,
  schedule_id: uuid,
  name: anyName,
  queue: anyName,
  worker: anyName,
  view: anyName,
  limit: anyName,
  tag: anyName,
  variable: anyName,
  key: anyName,
  resource: anyName,
  flow: anyName,
  deployment: anyName,
  slug: anyName,
  checksum: anyName,
  document: anyName,
};
