import type * as z from 'zod';
import { accessRoutes } from './access/routes.ts';
import { artifactsRoutes } from './artifacts/routes.ts';
import { blocksRoutes } from './blocks/routes.ts';
import { resultStorageRoutes } from './blocks/storage-routes.ts';
import { blockTypesRoutes } from './blocks/types-routes.ts';
import { pollsRoutes } from './claims/polls-routes.ts';
import { releaseRoutes } from './claims/release-routes.ts';
import { claimsRoutes } from './claims/routes.ts';
import { flowsRoutes } from './deployments/flows-routes.ts';
import { deploymentsRoutes } from './deployments/routes.ts';
import { anyName, uuid } from './fields/fields.ts';
import { limitsRoutes } from './limits/routes.ts';
import { statusRoutes } from './limits/status-routes.ts';
import { logsRoutes } from './logs/routes.ts';
import { writeLogsRoutes } from './logs/write-routes.ts';
import { namedLimitsRoutes } from './named-limits/routes.ts';
import { tagsRoutes } from './named-limits/tags-routes.ts';
import { queuesRoutes } from './pools/queues-routes.ts';
import { poolsRoutes } from './pools/routes.ts';
import type { PathName, Route } from './route.ts';
import { bulkRoutes } from './runs/bulk-routes.ts';
import { inputsRoutes } from './runs/inputs-routes.ts';
import { runsRoutes } from './runs/routes.ts';
import { statisticsRoutes } from './runs/statistics-routes.ts';
import { savedSearchesRoutes } from './saved-searches/routes.ts';
import { schedulesRoutes } from './schedules/routes.ts';
import { serverRoutes } from './server/routes.ts';
import { unsupportedRoutes } from './server/unsupported-routes.ts';
import { sessionsRoutes } from './sessions/routes.ts';
import { workersRoutes } from './sessions/workers-routes.ts';
import { statesRoutes } from './states/routes.ts';
import { setStateRoutes } from './states/set-state-routes.ts';
import { taskRunsRoutes } from './task-runs/routes.ts';
import { taskRunStatesRoutes } from './task-runs/states-routes.ts';
import { variablesRoutes } from './variables/routes.ts';
import { whyRoutes } from './why/routes.ts';

/**
 * THE route table. Validation, the handlers' types, the typed client, the OpenAPI document, the
 * local server and API Gateway all follow from it. A route that is not in it does not exist.
 */
export const ROUTES = {
  ...claimsRoutes,
  ...pollsRoutes,
  ...releaseRoutes,
  ...sessionsRoutes,
  ...workersRoutes,
  ...statesRoutes,
  ...setStateRoutes,
  ...poolsRoutes,
  ...queuesRoutes,
  ...limitsRoutes,
  ...statusRoutes,
  ...flowsRoutes,
  ...deploymentsRoutes,
  ...schedulesRoutes,
  ...blockTypesRoutes,
  ...blocksRoutes,
  ...resultStorageRoutes,
  ...runsRoutes,
  ...bulkRoutes,
  ...statisticsRoutes,
  ...inputsRoutes,
  ...whyRoutes,
  ...logsRoutes,
  ...writeLogsRoutes,
  ...variablesRoutes,
  ...savedSearchesRoutes,
  ...artifactsRoutes,
  ...namedLimitsRoutes,
  ...tagsRoutes,
  ...unsupportedRoutes,
  ...taskRunsRoutes,
  ...taskRunStatesRoutes,
  ...accessRoutes,
  ...serverRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** The schema of each name in a path: a name without one does not compile. */
export const PATH_PARAMETERS = {
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
} as const satisfies {
  readonly [Name in PathName<(typeof ROUTES)[RouteName]>]: z.ZodType<string>;
};
