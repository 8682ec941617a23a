import type { Context } from '../core/context.ts';
import * as blocks from './handlers/blocks.ts';
import * as concurrency from './handlers/concurrency-status.ts';
import * as deployments from './handlers/deployments.ts';
import * as flowRuns from './handlers/flow-runs.ts';
import * as flows from './handlers/flows.ts';
import { handleFilterLogs } from './handlers/logs.ts';
import * as operators from './handlers/operators.ts';
import * as schedules from './handlers/schedules.ts';
import * as server from './handlers/server.ts';
import * as slots from './handlers/slots.ts';
import { unsupported } from './handlers/unsupported.ts';
import * as pools from './handlers/work-pools.ts';
import * as queues from './handlers/work-queues.ts';
import * as workers from './handlers/workers.ts';
import { httpHandler } from './http.ts';

/** What people and their tools call: pools, queues, flows, deployments, runs. Also any wrong path. */
export const controlApi = (context: Context) =>
  httpHandler(context, {
    createWorkPool: pools.handleCreateWorkPool,
    readWorkPool: pools.handleReadWorkPool,
    updateWorkPool: pools.handleUpdateWorkPool,
    deleteWorkPool: pools.handleDeleteWorkPool,
    countWorkPools: pools.handleCountWorkPools,
    filterWorkPools: pools.handleFilterWorkPools,
    readWorkers: pools.handleReadWorkers,
    filterWorkers: workers.handleFilterWorkers,
    deleteWorker: workers.handleDeleteWorker,
    drainAgent: pools.handleDrainAgent,
    pauseWorkPools: pools.handlePauseWorkPools,
    resumeWorkPools: pools.handleResumeWorkPools,
    readWorkPoolConcurrency: concurrency.handleReadWorkPoolConcurrency,
    readWorkQueueConcurrency: concurrency.handleReadWorkQueueConcurrency,
    readWorkQueueStatus: concurrency.handleReadWorkQueueStatus,
    readWorkPoolSlots: slots.handleReadWorkPoolSlots,
    readWorkQueueSlots: slots.handleReadWorkQueueSlots,
    readDeploymentSlots: slots.handleReadDeploymentSlots,
    createWorkQueue: queues.handleCreateWorkQueue,
    readWorkQueue: queues.handleReadWorkQueue,
    updateWorkQueue: queues.handleUpdateWorkQueue,
    deleteWorkQueue: queues.handleDeleteWorkQueue,
    filterWorkQueues: queues.handleFilterWorkQueues,
    createDefaultPoolQueue: queues.handleCreateDefaultPoolQueue,
    defaultAgentPoolQueue: queues.handleReadDefaultPoolQueue,
    filterAllWorkQueues: queues.handleFilterAllWorkQueues,
    readWorkQueueById: queues.handleReadWorkQueueById,
    updateWorkQueueById: queues.handleUpdateWorkQueueById,
    deleteWorkQueueById: queues.handleDeleteWorkQueueById,
    createFlow: flows.handleCreateFlow,
    readFlow: flows.handleReadFlow,
    readFlowByName: flows.handleReadFlowByName,
    filterFlows: flows.handleFilterFlows,
    updateFlow: flows.handleUpdateFlow,
    deleteFlow: flows.handleDeleteFlow,
    countFlows: flows.handleCountFlows,
    paginateFlows: flows.handlePaginateFlows,
    createDeployment: deployments.handleCreateDeployment,
    readDeployment: deployments.handleReadDeployment,
    readDeploymentByName: deployments.handleReadDeploymentByName,
    filterDeployments: deployments.handleFilterDeployments,
    countDeployments: deployments.handleCountDeployments,
    paginateDeployments: deployments.handlePaginateDeployments,
    updateDeployment: deployments.handleUpdateDeployment,
    deleteDeployment: deployments.handleDeleteDeployment,
    pauseDeployment: deployments.handlePauseDeployment,
    resumeDeployment: deployments.handleResumeDeployment,
    readDeploymentSchedules: schedules.handleReadDeploymentSchedules,
    createDeploymentSchedules: schedules.handleCreateDeploymentSchedules,
    updateDeploymentSchedule: schedules.handleUpdateDeploymentSchedule,
    deleteDeploymentSchedule: schedules.handleDeleteDeploymentSchedule,
    createFlowRunsFromDeployment: flowRuns.handleCreateFlowRunsFromDeployment,
    createFlowRunFromDeployment: flowRuns.handleCreateFlowRunFromDeployment,
    createFlowRun: flowRuns.handleCreateFlowRun,
    readFlowRun: flowRuns.handleReadFlowRun,
    updateFlowRun: flowRuns.handleUpdateFlowRun,
    filterFlowRuns: flowRuns.handleFilterFlowRuns,
    readFlowRunStates: flowRuns.handleReadFlowRunStates,
    readFlowRunClaims: operators.handleReadFlowRunClaims,
    releaseFlowRun: operators.handleReleaseFlowRun,
    retryFlowRuns: operators.handleRetryFlowRuns,
    cancelFlowRuns: operators.handleCancelFlowRuns,
    filterLogs: handleFilterLogs,
    ...unsupported,
    readHealth: server.handleReadHealth,
    readReady: server.handleReadReady,
    readHello: server.handleReadHello,
    readApiVersion: server.handleReadApiVersion,
    readServerVersion: server.handleReadServerVersion,
    readServerSettings: server.handleReadServerSettings,
    readServerStorage: server.handleReadServerStorage,
    readCsrfToken: server.handleReadCsrfToken,
    readCollectionView: server.handleReadCollectionView,
    readOpenapi: server.handleReadOpenapi,
    createBlockType: blocks.handleCreateBlockType,
    readBlockType: blocks.handleReadBlockType,
    readBlockTypeBySlug: blocks.handleReadBlockTypeBySlug,
    updateBlockType: blocks.handleUpdateBlockType,
    filterBlockTypes: blocks.handleFilterBlockTypes,
    readBlockDocumentsOfType: blocks.handleReadBlockDocumentsOfType,
    readBlockDocumentByName: blocks.handleReadBlockDocumentByName,
    createBlockSchema: blocks.handleCreateBlockSchema,
    readBlockSchema: blocks.handleReadBlockSchema,
    readBlockSchemaByChecksum: blocks.handleReadBlockSchemaByChecksum,
    createBlockDocument: blocks.handleCreateBlockDocument,
    readBlockDocument: blocks.handleReadBlockDocument,
    updateBlockDocument: blocks.handleUpdateBlockDocument,
    deleteBlockDocument: blocks.handleDeleteBlockDocument,
  });
