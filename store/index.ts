import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ApiKey } from '../model/access.ts';
import type { Deployment } from '../model/deployments.ts';
import type { Freshness, QueuePlace, WorkPool, WorkQueue } from '../model/pools.ts';
import type { Session } from '../model/sessions.ts';
import type { Store } from '../model/store.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import * as apiKeys from './access.ts';
import * as artifacts from './artifacts.ts';
import * as blocks from './blocks.ts';
import { claim } from './claims/claim.ts';
import * as pauses from './claims/pauses.ts';
import { transition } from './claims/transition.ts';
import * as waiting from './claims/waiting-runs.ts';
import * as deployments from './deployments/deployments.ts';
import * as flows from './deployments/flows.ts';
import { cache, keepForAMoment } from './dynamo/cache.ts';
import { dynamo } from './dynamo/dynamo.ts';
import { withClearFailures } from './dynamo/failures.ts';
import * as limits from './limits/limits.ts';
import { createDays } from './lists/days.ts';
import * as lists from './lists/list-runs.ts';
import * as logs from './logs.ts';
import * as namedLimits from './named-limits.ts';
import * as deleted from './pools/deleted.ts';
import * as polled from './pools/polled.ts';
import * as pools from './pools/pools.ts';
import * as queues from './pools/queues.ts';
import { deleteBeside } from './runs/delete-beside.ts';
import { deleteRun } from './runs/delete-run.ts';
import { forgetRun } from './runs/forget-run.ts';
import * as payloads from './runs/payloads.ts';
import * as inputs from './runs/run-inputs.ts';
import * as runs from './runs/runs.ts';
import { updateLabels } from './runs/update-labels.ts';
import * as visits from './schedules.ts';
import { noteSchema } from './schema-version.ts';
import * as service from './sessions/service.ts';
import * as sessions from './sessions/sessions.ts';
import * as taskRuns from './task-runs.ts';
import * as variables from './variables.ts';

export interface DynamoStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** For how long a cached record is good. In microseconds, like every instant. */
  readonly now: () => number;
  readonly random: () => number;
}

/** The key of what is cached once. */
const ALL = 'all';

/** The port of core, on DynamoDB. */
export function createDynamoStore(options: DynamoStoreOptions): Store {
  const { client, tableName, now, random } = options;
  const db = dynamo(client, tableName, random);
  const days = createDays(db);
  const cachedKeys = cache<ApiKey[]>(now, NUMBERS.recordsCached);
  const cachedPool = cache<WorkPool>(now, NUMBERS.recordsCached);
  const cachedQueues = cache<WorkQueue[]>(now, NUMBERS.recordsCached);
  const cachedPlace = cache<QueuePlace>(now, NUMBERS.recordsCached);
  const cachedSessions = cache<Session[]>(now, NUMBERS.sessionsCached);
  const stampedPolls = keepForAMoment<true>(now, NUMBERS.polledStampEvery, NUMBERS.polledKept);
  const dueOf = (ids: readonly string[]): string[] => {
    const due = ids.filter((id) => !stampedPolls.get(id));
    // Before it is done: who asks meanwhile need not.
    for (const id of due) stampedPolls.set(id, true);
    return due;
  };
  const stamped = keepForAMoment<true>(now, NUMBERS.stampEvery);
  const noted = new Set<string>();
  const keptDeployments = keepForAMoment<Deployment>(now, NUMBERS.recordsCached);

  return withClearFailures({
    createApiKey: async (key) => {
      await apiKeys.createApiKey(db, key);
      cachedKeys.forget(ALL);
    },
    readApiKey: (id) => apiKeys.readApiKey(db, id),
    listApiKeys: async (how = 'fresh') =>
      how === 'fresh'
        ? apiKeys.listApiKeys(db)
        : ((await cachedKeys.read(ALL, () => apiKeys.listApiKeys(db))) ?? []),
    revokeApiKey: (id, at, keeper) => apiKeys.revokeApiKey(db, id, at, keeper),
    stampApiKey: (id, day) => apiKeys.stampApiKey(db, id, day),
    createPool: (pool, queue, limit) => pools.createPool(db, pool, queue, limit),
    readPool: (name, how) =>
      how === 'fresh'
        ? pools.readPool(db, name)
        : cachedPool.read(name, () => pools.readPool(db, name), sinceOf(how)),
    listPools: () => pools.listPools(db),
    updatePool: async (pool, change, limit) => {
      const changed = await pools.updatePool(db, pool, change, limit);
      cachedPool.forget(pool.name);
      return changed;
    },
    deletePool: async (pool, at) => {
      const done = await deleted.deletePool(db, pool, at);
      cachedPool.forget(pool.name);
      return done;
    },
    listDeletedPools: (name) => deleted.listDeletedPools(db, name),
    forgetDeletedPool: (pool) => deleted.forgetDeletedPool(db, pool),
    createQueue: async (queue, order, limit) => {
      const created = await queues.createQueue(db, queue, order, limit);
      cachedQueues.forget(queue.poolId);
      return created;
    },
    updateQueue: async (queue, change, order, limit) => {
      const changed = await queues.updateQueue(db, queue, change, order, limit);
      cachedQueues.forget(queue.poolId);
      return changed;
    },
    deleteQueue: async (queue, at) => {
      const done = await queues.deleteQueue(db, queue, at);
      cachedQueues.forget(queue.poolId);
      cachedPlace.forget(queue.id);
      return done;
    },
    clearQueues: async (poolId, at) => {
      for (const id of await deleted.clearQueues(db, poolId, at)) cachedPlace.forget(id);
      cachedQueues.forget(poolId);
    },
    listDeletedQueues: () => deleted.listDeletedQueues(db),
    forgetDeletedQueue: (id) => deleted.forgetDeletedQueue(db, id),
    addLane: async (place, deploymentId) => {
      await queues.addLane(db, place, deploymentId);
      cachedQueues.forget(place.poolId);
    },
    listQueues: async (poolId, how) =>
      how === 'fresh'
        ? queues.listQueues(db, poolId)
        : ((await cachedQueues.read(poolId, () => queues.listQueues(db, poolId), sinceOf(how))) ??
          []),
    readQueuePlace: (id) => cachedPlace.read(id, () => queues.readQueuePlace(db, id)),
    stampPolled: async (queueIds) => {
      const due = dueOf(queueIds);
      await Promise.all(due.map((id) => polled.stampPolled(db, id, now())));
      for (const id of due) cachedPlace.forget(id);
    },
    readPolled: (queueIds) => polled.readPolled(db, queueIds),
    stampServed: async (deploymentIds) => {
      await Promise.all(dueOf(deploymentIds).map((id) => polled.stampServed(db, id, now())));
    },
    readServed: (deploymentIds) => polled.readServed(db, deploymentIds),

    createFlow: (flow) => flows.createFlow(db, flow),
    updateFlow: (id, change) => flows.updateFlow(db, id, change),
    deleteFlow: (id) => flows.deleteFlow(db, id),
    listDeploymentIds: (flowId) => deployments.listDeploymentIds(db, flowId),
    readFlows: (ids) => flows.readFlows(db, ids),
    listFlows: () => flows.listFlows(db),
    createDeployment: (deployment, beside) => deployments.createDeployment(db, deployment, beside),
    overwriteDeployment: (deployment, beside) =>
      deployments.overwriteDeployment(db, deployment, beside),
    deleteDeployment: (deployment, limit) => deployments.deleteDeployment(db, deployment, limit),
    readDeployments: (ids) => deployments.readDeployments(db, ids),
    readDeploymentsSince: async (wanted) => {
      const known = [...wanted].map(([id, generation]) => {
        const kept = keptDeployments.get(id);
        return kept && kept.generation >= generation ? kept : undefined;
      });
      const missing = [...wanted.keys()].filter((_, i) => !known[i]);
      const read = missing.length > 0 ? await deployments.readDeployments(db, missing) : [];
      for (const deployment of read) keptDeployments.set(deployment.id, deployment);
      return [...known.filter((one) => one !== undefined), ...read];
    },
    readDeploymentId: (flowId, name) => deployments.readDeploymentId(db, flowId, name),
    listDeployments: () => deployments.listDeployments(db),

    notePause: (pause) => pauses.notePause(db, pause),
    listDuePauses: (at) => pauses.listDuePauses(db, at),
    forgetPause: (pause) => pauses.forgetPause(db, pause),
    createArtifact: (artifact, keyId) => artifacts.createArtifact(db, days, artifact, keyId),
    readArtifacts: (ids) => artifacts.readArtifacts(db, ids),
    updateArtifact: (artifact) => artifacts.updateArtifact(db, artifact),
    deleteArtifact: (artifact) => artifacts.deleteArtifact(db, artifact),
    readArtifactKey: (key) => artifacts.readArtifactKey(db, key),
    listArtifactKeys: () => artifacts.listArtifactKeys(db),
    listArtifactVersions: (key) => artifacts.listArtifactVersions(db, key),
    listArtifacts: (window) => lists.listArtifacts(db, days, window),
    createNamedLimit: (limit) => namedLimits.createNamedLimit(db, limit),
    readNamedLimits: (names) => namedLimits.readNamedLimits(db, names),
    readNamedLimitName: (id) => namedLimits.readNamedLimitName(db, id),
    listNamedLimitNames: () => namedLimits.listNamedLimitNames(db),
    updateNamedLimit: (limit, former) => namedLimits.updateNamedLimit(db, limit, former),
    deleteNamedLimit: (limit) => namedLimits.deleteNamedLimit(db, limit),
    takeSlots: (after, lease) => namedLimits.takeSlots(db, after, lease),
    giveSlotsBack: (after) => namedLimits.giveSlotsBack(db, after),
    readSlotLease: (id) => namedLimits.readSlotLease(db, id),
    endSlotLease: (lease, after) => namedLimits.endSlotLease(db, lease, after),
    renewSlotLease: (id, at, until) => namedLimits.renewSlotLease(db, id, at, until),
    listLeaseIds: (limitId) => namedLimits.listLeaseIds(db, limitId),
    listLapsedLeases: (at) => namedLimits.listLapsedLeases(db, at),
    readVisit: (id) => visits.readVisit(db, id),
    listDueVisits: (at) => visits.listDueVisits(db, at),
    moveVisit: (read, to) => visits.moveVisit(db, read, to),
    createScheduledRuns: (id, generation, scheduled) =>
      visits.createScheduledRuns(db, days, id, generation, scheduled),
    createVariable: (variable) => variables.createVariable(db, variable),
    readVariable: (name) => variables.readVariable(db, name),
    readVariableName: (id) => variables.readVariableName(db, id),
    listVariables: () => variables.listVariables(db),
    updateVariable: (variable, former) => variables.updateVariable(db, variable, former),
    deleteVariable: (variable) => variables.deleteVariable(db, variable),
    createBlockType: (type) => blocks.createBlockType(db, type),
    readBlockType: (id) => blocks.readBlockType(db, id),
    updateBlockType: (type) => blocks.updateBlockType(db, type),
    listBlockTypes: () => blocks.listBlockTypes(db),
    createBlockSchema: (schema, canonical) => blocks.createBlockSchema(db, schema, canonical),
    readBlockSchema: (id) => blocks.readBlockSchema(db, id),
    listBlockSchemas: (checksum) => blocks.listBlockSchemas(db, checksum),
    createBlockDocument: (document) => blocks.createBlockDocument(db, document),
    readBlockDocument: (id) => blocks.readBlockDocument(db, id),
    listBlockDocumentIds: (typeId, name) => blocks.listBlockDocumentIds(db, typeId, name),
    updateBlockDocument: (document) => blocks.updateBlockDocument(db, document),
    deleteBlockDocument: (document) => blocks.deleteBlockDocument(db, document),

    createRun: (run, withinMicros, unlessDeleted) =>
      runs.createRun(db, days, run, withinMicros, unlessDeleted),
    readRun: (id) => runs.readRun(db, id),
    readRuns: (ids) => runs.readRuns(db, ids),
    updateRun: (id, change, token) => runs.updateRun(db, id, change, token),
    deleteRun: (run, leaves) => deleteRun(db, run, leaves),
    forgetRun: (expired, savedBefore) => forgetRun(db, expired, savedBefore),
    deleteBeside: (run) => deleteBeside(db, run),
    updateLabels: (run, change) => updateLabels(db, run, change),
    moveToLane: (entry, place) => waiting.moveToLane(db, entry, place),
    readMovedStates: (id) => runs.readMovedStates(db, id),
    savePayload: (owner, text) => payloads.savePayload(db, owner, text, now()),
    readPayload: (owner, payload) => payloads.readPayload(db, owner, payload),
    listReady: (window) => waiting.listReady(db, window),
    listClaimed: (sessionId) => waiting.listClaimed(db, sessionId),
    listByHand: () => waiting.listByHand(db),
    listFailed: (failedDays) => lists.listFailed(db, failedDays),
    listRuns: (window) => lists.listRuns(db, days, window),
    listChildRuns: (taskRunIds) => lists.listChildRuns(db, taskRunIds),
    listDays: () => days.list(),

    claim: (attempt) => claim(db, attempt),
    transition: (to, guard) => transition(db, to, guard),

    readLimits: (scopes) => limits.readLimits(db, scopes),
    readSlots: (scope) => limits.readSlots(db, scope),
    writeLimit: (limit) => limits.writeLimit(db, limit),
    grantSlot: (grant) => limits.grantSlot(db, grant),
    freeSlot: (scope, slot) => limits.freeSlot(db, scope, slot),

    openSession: async (session, over) => {
      const opened = await sessions.openSession(db, session, over);
      cachedSessions.forget(session.poolId);
      return opened;
    },
    renewSession: (renewal) => sessions.renewSession(db, renewal),
    endSession: async (ending) => {
      const ended = await sessions.endSession(db, ending);
      cachedSessions.forget(ending.poolId);
      return ended;
    },
    noteSession: async (session) => {
      if (noted.has(session.id)) return;
      await sessions.noteSession(db, session);
      cachedSessions.forget(session.poolId);
      noted.add(session.id);
    },
    drainSession: async (poolId, id, draining) => {
      const drained = await sessions.drainSession(db, poolId, id, draining);
      cachedSessions.forget(poolId);
      return drained;
    },
    deleteSession: (poolId, id, at) => sessions.deleteSession(db, poolId, id, at),
    keepSession: (poolId, id, until) => sessions.keepSession(db, poolId, id, until),
    readSessionOfName: (poolId, name) => sessions.readSessionOfName(db, poolId, name),
    readSession: (poolId, id) => sessions.readSession(db, poolId, id),
    listSessions: async (poolId, how = 'fresh') =>
      how === 'fresh'
        ? sessions.listSessions(db, poolId)
        : ((await cachedSessions.read(poolId, () => sessions.listSessions(db, poolId))) ?? []),

    stampService: async (poolId, kind) => {
      const key = `${poolId} ${kind}`;
      if (stamped.get(key)) return;
      // Before it is done: who asks meanwhile need not.
      stamped.set(key, true);
      await service.stampService(db, poolId, kind, now());
    },
    readService: (poolId, kind) => service.readService(db, poolId, kind),
    grantGrace: (poolId, kind, gapSince, until) =>
      service.grantGrace(db, poolId, kind, gapSince, until),

    createTaskRun: (taskRun) => taskRuns.createTaskRun(db, days, taskRun),
    readTaskRuns: (ids) => taskRuns.readTaskRuns(db, ids),
    updateTaskRun: (read, change) => taskRuns.updateTaskRun(db, read, change),
    deleteTaskRun: (taskRun) => taskRuns.deleteTaskRun(db, taskRun),
    listTaskRunsOf: (flowRunId) => taskRuns.listTaskRunsOf(db, flowRunId),
    listTaskRuns: (window) => lists.listTimeline(db, days, 'taskRuns', window),

    createInput: (runId, input) => inputs.createInput(db, runId, input),
    readInput: (runId, key) => inputs.readInput(db, runId, key),
    listInputs: (runId, prefix) => inputs.listInputs(db, runId, prefix),
    deleteInput: (runId, key) => inputs.deleteInput(db, runId, key),

    writeLogs: (owner, lines, at, batch) => logs.writeLogs(db, owner, lines, at, batch),
    readLogs: (owner) => logs.readLogs(db, owner),

    noteSchema: () => noteSchema(db),
    ping: async () => {
      await client.send(new DescribeTableCommand({ TableName: tableName }));
    },
  });
}

const sinceOf = (how: Freshness): number => (typeof how === 'object' ? how.since : 0);
