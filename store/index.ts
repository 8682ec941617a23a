import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LIMITS } from '../core/limits.ts';
import type { Deployment, QueuePlace, Session, WorkPool, WorkQueue } from '../core/records.ts';
import type { Freshness, Store } from '../core/store.ts';
import { cache, keepForAMoment } from './cache.ts';
import { claim } from './claim.ts';
import { createDays } from './days.ts';
import * as deleted from './deleted.ts';
import * as deployments from './deployments.ts';
import { dynamo } from './dynamo.ts';
import { withClearFailures } from './failures.ts';
import * as flows from './flows.ts';
import * as limits from './limits.ts';
import * as logs from './logs.ts';
import * as payloads from './payloads.ts';
import * as polled from './polled.ts';
import * as pools from './pools.ts';
import * as queues from './queues.ts';
import * as runs from './runs.ts';
import * as service from './service.ts';
import * as sessions from './sessions.ts';
import { transition } from './transition.ts';

export interface DynamoStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** For how long a cached record is good. In microseconds, like every instant. */
  readonly now: () => number;
  readonly random: () => number;
}

/** The port of core, on DynamoDB. */
export function createDynamoStore(options: DynamoStoreOptions): Store {
  const { client, tableName, now, random } = options;
  const db = dynamo(client, tableName, random);
  const days = createDays(db);
  const cachedPool = cache<WorkPool>(now, LIMITS.recordsCached);
  const cachedQueues = cache<WorkQueue[]>(now, LIMITS.recordsCached);
  const cachedPlace = cache<QueuePlace>(now, LIMITS.recordsCached);
  const cachedSessions = cache<Session[]>(now, LIMITS.sessionsCached);
  const stampedPolls = keepForAMoment<true>(now, LIMITS.polledStampEvery, LIMITS.polledKept);
  const stamped = keepForAMoment<true>(now, LIMITS.stampEvery);
  const noted = new Set<string>();
  const keptDeployments = keepForAMoment<Deployment>(now, LIMITS.recordsCached);

  return withClearFailures({
    createPool: (pool, queue, limit) => pools.createPool(db, pool, queue, limit),
    readPool: (name, how) =>
      how === 'fresh'
        ? pools.readPool(db, name)
        : cachedPool(name, () => pools.readPool(db, name), sinceOf(how)),
    listPools: () => pools.listPools(db),
    updatePool: (pool, change, limit) => pools.updatePool(db, pool, change, limit),
    deletePool: (pool, at) => deleted.deletePool(db, pool, at),
    listDeletedPools: (name) => deleted.listDeletedPools(db, name),
    forgetDeletedPool: (pool) => deleted.forgetDeletedPool(db, pool),
    createQueue: (queue, order, limit) => queues.createQueue(db, queue, order, limit),
    updateQueue: (queue, change, order, limit) =>
      queues.updateQueue(db, queue, change, order, limit),
    deleteQueue: (queue, at) => queues.deleteQueue(db, queue, at),
    clearQueues: (poolId, at) => deleted.clearQueues(db, poolId, at),
    listDeletedQueues: () => deleted.listDeletedQueues(db),
    forgetDeletedQueue: (id) => deleted.forgetDeletedQueue(db, id),
    addLane: (place, deploymentId) => queues.addLane(db, place, deploymentId),
    listQueues: async (poolId, how) =>
      how === 'fresh'
        ? queues.listQueues(db, poolId)
        : ((await cachedQueues(poolId, () => queues.listQueues(db, poolId), sinceOf(how))) ?? []),
    readQueuePlace: (id) => cachedPlace(id, () => queues.readQueuePlace(db, id)),
    stampPolled: async (queueIds) => {
      const due = queueIds.filter((id) => !stampedPolls.get(id));
      // Before it is done: who asks meanwhile need not.
      for (const id of due) stampedPolls.set(id, true);
      await Promise.all(due.map((id) => polled.stampPolled(db, id, now())));
    },
    readPolled: (queueIds) => polled.readPolled(db, queueIds),

    createFlow: (flow) => flows.createFlow(db, flow),
    readFlows: (ids) => flows.readFlows(db, ids),
    listFlows: () => flows.listFlows(db),
    createDeployment: (deployment, limit) => deployments.createDeployment(db, deployment, limit),
    overwriteDeployment: (deployment, limit) =>
      deployments.overwriteDeployment(db, deployment, limit),
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

    createRun: (run, withinMicros) => runs.createRun(db, days, run, withinMicros),
    readRun: (id) => runs.readRun(db, id),
    readRuns: (ids) => runs.readRuns(db, ids),
    updateRun: (id, change, token) => runs.updateRun(db, id, change, token),
    moveToLane: (entry, place) => runs.moveToLane(db, entry, place),
    readMovedStates: (id) => runs.readMovedStates(db, id),
    savePayload: (runId, text) => payloads.savePayload(db, runId, text),
    readPayload: (runId, payload) => payloads.readPayload(db, runId, payload),
    listReady: (window) => runs.listReady(db, window),
    listClaimed: (sessionId) => runs.listClaimed(db, sessionId),
    listByHand: () => runs.listByHand(db),
    listFailed: (failedDays) => runs.listFailed(db, failedDays),
    listRunIds: (of) => runs.listRunIds(db, days, of),

    claim: (attempt) => claim(db, attempt),
    transition: (to, guard) => transition(db, to, guard),

    readLimits: (scopes) => limits.readLimits(db, scopes),
    readSlots: (scope) => limits.readSlots(db, scope),
    writeLimit: (limit) => limits.writeLimit(db, limit),
    grantSlot: (grant) => limits.grantSlot(db, grant),
    freeSlot: (scope, slot) => limits.freeSlot(db, scope, slot),

    openSession: (session, over) => sessions.openSession(db, session, over),
    renewSession: (renewal) => sessions.renewSession(db, renewal),
    endSession: (ending) => sessions.endSession(db, ending),
    noteSession: async (session) => {
      if (noted.has(session.id)) return;
      await sessions.noteSession(db, session);
      noted.add(session.id);
    },
    deleteSession: (poolId, id, at) => sessions.deleteSession(db, poolId, id, at),
    drainSession: (poolId, id, draining) => sessions.drainSession(db, poolId, id, draining),
    keepSession: (poolId, id, until) => sessions.keepSession(db, poolId, id, until),
    readSessionOfName: (poolId, name) => sessions.readSessionOfName(db, poolId, name),
    readSession: (poolId, id) => sessions.readSession(db, poolId, id),
    listSessions: async (poolId, how = 'fresh') =>
      how === 'fresh'
        ? sessions.listSessions(db, poolId)
        : ((await cachedSessions(poolId, () => sessions.listSessions(db, poolId))) ?? []),

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

    writeLogs: (runId, lines, at, batch) => logs.writeLogs(db, runId, lines, at, batch),
    readLogs: (runId) => logs.readLogs(db, runId),

    ping: async () => {
      await client.send(new DescribeTableCommand({ TableName: tableName }));
    },
  });
}

const sinceOf = (how: Freshness): number => (typeof how === 'object' ? how.since : 0);
