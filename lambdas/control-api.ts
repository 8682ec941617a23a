import type { writeLogsRoutes } from '../api/logs/write-routes.ts';
import type { Context } from '../core/context.ts';
import { accessHandlers } from './access/handlers.ts';
import { artifactHandlers } from './artifacts/handlers.ts';
import { blockHandlers } from './blocks/handlers.ts';
import { resultStorageHandlers } from './blocks/storage-handlers.ts';
import { blockTypeHandlers } from './blocks/types-handlers.ts';
import { releaseHandlers } from './claims/release-handlers.ts';
import { flowHandlers } from './deployments/flows-handlers.ts';
import { deploymentHandlers } from './deployments/handlers.ts';
import { httpHandler, type OwnedBy } from './http/http.ts';
import { slotHandlers } from './limits/handlers.ts';
import { statusHandlers } from './limits/status-handlers.ts';
import { logHandlers } from './logs/handlers.ts';
import { writeLogsHandlers } from './logs/write-handlers.ts';
import { namedLimitHandlers } from './named-limits/handlers.ts';
import { tagLimitHandlers } from './named-limits/tags-handlers.ts';
import { poolHandlers } from './pools/handlers.ts';
import { queueHandlers } from './pools/queues-handlers.ts';
import { bulkHandlers } from './runs/bulk-handlers.ts';
import { runHandlers } from './runs/handlers.ts';
import { inputHandlers } from './runs/inputs-handlers.ts';
import { statisticsHandlers } from './runs/statistics-handlers.ts';
import { savedSearchHandlers } from './saved-searches/handlers.ts';
import { scheduleHandlers } from './schedules/handlers.ts';
import { serverHandlers } from './server/handlers.ts';
import { unsupportedHandlers } from './server/unsupported-handlers.ts';
import { workerHandlers } from './sessions/workers-handlers.ts';
import { stateHandlers } from './states/handlers.ts';
import { taskRunHandlers } from './task-runs/handlers.ts';
import { taskRunStatesHandlers } from './task-runs/states-handlers.ts';
import { variableHandlers } from './variables/handlers.ts';
import { whyHandlers } from './why/handlers.ts';

/**
 * The API for people and their tools: pools, queues, flows, deployments, runs. Also any wrong path.
 */
export const controlApi = (context: Context) =>
  httpHandler<OwnedBy<'control'> | keyof typeof writeLogsRoutes>(context, {
    ...accessHandlers,
    ...artifactHandlers,
    ...blockHandlers,
    ...blockTypeHandlers,
    ...resultStorageHandlers,
    ...releaseHandlers,
    ...deploymentHandlers,
    ...flowHandlers,
    ...slotHandlers,
    ...statusHandlers,
    ...logHandlers,
    // The worker API has it, too. Clients send it with a final slash, so it comes by the default
    // route.
    ...writeLogsHandlers,
    ...namedLimitHandlers,
    ...tagLimitHandlers,
    ...poolHandlers,
    ...queueHandlers,
    ...runHandlers,
    ...bulkHandlers,
    ...inputHandlers,
    ...statisticsHandlers,
    ...scheduleHandlers,
    ...serverHandlers,
    ...unsupportedHandlers,
    ...workerHandlers,
    ...stateHandlers,
    ...taskRunHandlers,
    ...taskRunStatesHandlers,
    ...variableHandlers,
    ...savedSearchHandlers,
    ...whyHandlers,
  });
