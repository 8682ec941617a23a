import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LIMITS } from '../core/limits.ts';
import type { Deployment, QueuePlace, WorkPool, WorkQueue } from '../core/records.ts';
import type { Store } from '../core/store.ts';
import { cache, keepForAMoment } from './cache.ts';
import { claim } from './claim.ts';
import { createDays } from './days.ts';
import * as deployments from './deployments.ts';
import { dynamo } from './dynamo.ts';
import { withClearFailures } from './failures.ts';
import * as flows from './flows.ts';
import * as logs from './logs.ts';
import * as payloads from './payloads.ts';
import * as pools from './pools.ts';
import * as runs from './runs.ts';
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
  const keptDeployments = keepForAMoment<Deployment>(now, LIMITS.recordsCached);

  return withClearFailures({
    createPool: (pool, queue) => pools.createPool(db, pool, queue),
    readPool: (name, how) =>
      how === 'fresh' ? pools.readPool(db, name) : cachedPool(name, () => pools.readPool(db, name)),
    listPools: () => pools.listPools(db),
    updatePool: (name, change) => pools.updatePool(db, name, change),
    createQueue: (queue, moved) => pools.createQueue(db, queue, moved),
    updateQueue: (queue, change, moved) => pools.updateQueue(db, queue, change, moved),
    listQueues: async (poolId, how) =>
      how === 'fresh'
        ? pools.listQueues(db, poolId)
        : ((await cachedQueues(poolId, () => pools.listQueues(db, poolId))) ?? []),
    readQueuePlace: (id) => cachedPlace(id, () => pools.readQueuePlace(db, id)),

    createFlow: (flow) => flows.createFlow(db, flow),
    readFlows: (ids) => flows.readFlows(db, ids),
    listFlows: () => flows.listFlows(db),
    createDeployment: (deployment) => deployments.createDeployment(db, deployment),
    overwriteDeployment: (deployment) => deployments.overwriteDeployment(db, deployment),
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

    createRun: (run) => runs.createRun(db, days, run),
    readRun: (id) => runs.readRun(db, id),
    readRuns: (ids) => runs.readRuns(db, ids),
    updateRun: (id, change, token) => runs.updateRun(db, id, change, token),
    readMovedStates: (id) => runs.readMovedStates(db, id),
    savePayload: (runId, text) => payloads.savePayload(db, runId, text),
    readPayload: (runId, payload) => payloads.readPayload(db, runId, payload),
    listReady: (window) => runs.listReady(db, window),
    listClaimed: (sessionId) => runs.listClaimed(db, sessionId),
    listRunIds: (of) => runs.listRunIds(db, days, of),

    claim: (attempt) => claim(db, attempt),
    transition: (to, guard) => transition(db, to, guard),

    openSession: (session, over) => sessions.openSession(db, session, over),
    renewSession: (renewal) => sessions.renewSession(db, renewal),
    endSession: (ending) => sessions.endSession(db, ending),
    readSession: (poolId, id) => sessions.readSession(db, poolId, id),
    listSessions: (poolId) => sessions.listSessions(db, poolId),

    writeLogs: (runId, lines, at, batch) => logs.writeLogs(db, runId, lines, at, batch),
    readLogs: (runId) => logs.readLogs(db, runId),

    ping: async () => {
      await client.send(new DescribeTableCommand({ TableName: tableName }));
    },
  });
}
