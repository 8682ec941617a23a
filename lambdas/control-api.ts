import type { Context } from '../core/context.ts';
import * as blocks from './handlers/blocks.ts';
import * as deployments from './handlers/deployments.ts';
import * as flowRuns from './handlers/flow-runs.ts';
import * as flows from './handlers/flows.ts';
import * as health from './handlers/health.ts';
import * as logs from './handlers/logs.ts';
import * as operators from './handlers/operators.ts';
import * as bulk from './handlers/run-bulk.ts';
import * as statistics from './handlers/run-statistics.ts';
import * as schedules from './handlers/schedules.ts';
import * as slots from './handlers/slots.ts';
import * as taskRuns from './handlers/task-runs.ts';
import * as pools from './handlers/work-pools.ts';
import * as queues from './handlers/work-queues.ts';
import { httpHandler } from './http.ts';

/** What people and their tools call: pools, queues, flows, deployments, runs. Also any wrong path. */
export const controlApi = (context: Context) =>
  httpHandler(context, {
    createWorkPool: pools.handleCreateWorkPool,
    readWorkPool: pools.handleReadWorkPool,
    updateWorkPool: pools.handleUpdateWorkPool,
    filterWorkPools: pools.handleFilterWorkPools,
    readWorkers: pools.handleReadWorkers,
    drainAgent: pools.handleDrainAgent,
    pauseWorkPools: pools.handlePauseWorkPools,
    resumeWorkPools: pools.handleResumeWorkPools,
    readWorkPoolSlots: slots.handleReadWorkPoolSlots,
    readWorkQueueSlots: slots.handleReadWorkQueueSlots,
    readDeploymentSlots: slots.handleReadDeploymentSlots,
    createWorkQueue: queues.handleCreateWorkQueue,
    readWorkQueue: queues.handleReadWorkQueue,
    updateWorkQueue: queues.handleUpdateWorkQueue,
    filterWorkQueues: queues.handleFilterWorkQueues,
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
    updateFlowRunLabels: flowRuns.handleUpdateFlowRunLabels,
    deleteFlowRun: flowRuns.handleDeleteFlowRun,
    filterFlowRuns: flowRuns.handleFilterFlowRuns,
    countFlowRuns: statistics.handleCountFlowRuns,
    paginateFlowRuns: flowRuns.handlePaginateFlowRuns,
    readFlowRunHistory: statistics.handleReadFlowRunHistory,
    readFlowRunLateness: statistics.handleReadFlowRunLateness,
    deleteFlowRuns: bulk.handleDeleteFlowRuns,
    setStates: bulk.handleSetStates,
    readFlowRunState: flowRuns.handleReadFlowRunState,
    readFlowRunStates: flowRuns.handleReadFlowRunStates,
    readFlowRunClaims: operators.handleReadFlowRunClaims,
    releaseFlowRun: operators.handleReleaseFlowRun,
    retryFlowRuns: bulk.handleRetryFlowRuns,
    cancelFlowRuns: bulk.handleCancelFlowRuns,
    downloadLogs: logs.handleDownloadLogs,
    filterLogs: logs.handleFilterLogs,
    createTaskRun: taskRuns.handleCreateTaskRun,
    readTaskRun: taskRuns.handleReadTaskRun,
    updateTaskRun: taskRuns.handleUpdateTaskRun,
    deleteTaskRun: taskRuns.handleDeleteTaskRun,
    setTaskRunState: taskRuns.handleSetTaskRunState,
    filterTaskRuns: taskRuns.handleFilterTaskRuns,
    countTaskRuns: taskRuns.handleCountTaskRuns,
    paginateTaskRuns: taskRuns.handlePaginateTaskRuns,
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
    readHealth: health.handleReadHealth,
    readReady: health.handleReadReady,
    readOpenapi: health.handleReadOpenapi,
  });
