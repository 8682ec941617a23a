import { dayOf, type Instant } from '../core/instant.ts';
import { LIMITS } from '../core/limits.ts';
import { type Scope, scopeKey } from '../core/slots.ts';
import type { LogOwner } from '../core/store.ts';
import { type Place, SERVED_QUEUE } from '../core/transition.ts';

/**
 * Every key of the table, and nothing else builds one.
 *
 *   POOL               <name>                     work pool
 *   APIKEY             <id>                       API key: a small set
 *   DELETED            POOL#<name>#<poolId>       work pool that was deleted, while anything of it is held
 *   DELETED            QUEUE#<queueId>            work queue that was deleted, while runs wait in it
 *   POOL#<poolId>      QUEUE#<name>               work queue
 *   POOL#<poolId>      SESSION#<sessionId>        session: one life of an agent process
 *   POOL#<poolId>      WORKER#<name>              which session has this worker name
 *   POOL#<poolId>      SERVICE#<kind>             when its agents, or workers, were last served
 *   QUEUE#<queueId>    #                          where a queue is, by its id; when it was polled last
 *   FLOW#<flowId>      #                          flow
 *   FLOW#<flowId>      DEPLOYMENT#<name>          which deployment has this name
 *   DEPLOYMENT#<id>    #                          deployment
 *   DEPLOYMENT#<id>    DUE                        when its schedules are looked at next, and what they made
 *   DEPLOYMENT#<id>    SERVED                     when it was polled last by who serves it
 *   BLOCK              TYPE#<id>                  block type: a small set
 *   BLOCK              SCHEMA#<checksum>#<version>  block schema
 *   BLOCKSCHEMA#<id>   #                          where a schema is, by its id
 *   BLOCKTYPE#<id>     DOCUMENT#<name>            which block document has this name
 *   BLOCK#<id>         #                          block document
 *   VARIABLE           <name>                     variable: a small set
 *   VARIABLE#<id>      #                          which name the variable with this id has
 *   ARTIFACT           <key>                      a key of artifacts, and which is its latest: a small set
 *   ARTIFACTKEY#<key>  <time>#<id>                a version of it
 *   ARTIFACT#<id>      #                          artifact
 *   NAMEDLIMIT#<name>  #                          concurrency limit by name
 *   LIMITID#<id>       #                          which name the limit with this id has
 *   LIMITID#<id>       HELD#<leaseId>             a lease of it that names its holder
 *   LEASE#<id>         #                          lease of slots of limits by name
 *   LIMIT#<scope>      #                          a concurrency limit, and its version
 *   LIMIT#<scope>      SLOT#<k>                   one unit of it, and who holds it
 *   SCHEMA             #                          which version of these items is written: table.ts
 *   DAYS               #                          the days that runs were created on
 *   RUN#<id>           #                          run, or the tombstone of a deleted one
 *   RUN#<id>           STATE#<n>#<last state id>  states moved out of the run, from its nth on
 *   RUN#<id>           INPUT#<hash>#<n>           a large payload, in chunks
 *   RUN#<id>           SENT#<key>                 a value that was sent to the run
 *   RUN#<id>           LOG#<time>#<batch>#<n>     log lines, compressed
 *   RUN#<id>           TASK#<hash of its keys>    which task run of this flow run has these keys
 *   RUN#<id>           DUE                        when its pause ends by itself
 *   TASKRUN#<id>       #                          task run
 *   TASKRUN#<id>       RUN#<runId>                a run that it is the parent of
 *   TASKLOGS#<id>      LOG#<time>#<batch>#<n>     log lines of a task run that name no flow run
 *   TASKKEYS#<hash>    #                          which task run of no flow run has these keys
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const poolKey = (name: string): Key => ({ pk: POOLS, sk: name });
export const apiKeyKey = (id: string): Key => ({ pk: API_KEYS, sk: id });
export const deletedPoolKey = (name: string, poolId: string): Key => ({
  pk: DELETED,
  sk: `${deletedPoolPrefix(name)}${poolId}`,
});
/** Of that name, or of any. */
export const deletedPoolPrefix = (name?: string): string =>
  name === undefined ? 'POOL#' : `POOL#${name}#`;
export const deletedQueueKey = (queueId: string): Key => ({
  pk: DELETED,
  sk: `${DELETED_QUEUES}${queueId}`,
});
/** All that lies in a pool: queues, sessions, names. */
export const poolPartition = (poolId: string): string => `POOL#${poolId}`;
export const queueKey = (poolId: string, name: string): Key => ({
  pk: `POOL#${poolId}`,
  sk: `${QUEUES}${name}`,
});
export const sessionKey = (poolId: string, sessionId: string): Key => ({
  pk: `POOL#${poolId}`,
  sk: `${SESSIONS}${sessionId}`,
});
export const workerNameKey = (poolId: string, name: string): Key => ({
  pk: `POOL#${poolId}`,
  sk: `WORKER#${name}`,
});
export const serviceKey = (poolId: string, kind: string): Key => ({
  pk: `POOL#${poolId}`,
  sk: `SERVICE#${kind}`,
});
export const limitKey = (scope: Scope): Key => ({ pk: `LIMIT#${scopeKey(scope)}`, sk: '#' });
export const slotKey = (scope: Scope, k: number): Key => ({
  pk: `LIMIT#${scopeKey(scope)}`,
  sk: `${SLOTS}${String(k).padStart(5, '0')}`,
});
export const queuePlaceKey = (queueId: string): Key => ({ pk: `QUEUE#${queueId}`, sk: '#' });
export const flowKey = (id: string): Key => ({ pk: `FLOW#${id}`, sk: '#' });
export const deploymentNameKey = (flowId: string, name: string): Key => ({
  pk: `FLOW#${flowId}`,
  sk: `${DEPLOYMENT_NAMES}${name}`,
});
export const deploymentKey = (id: string): Key => ({ pk: `DEPLOYMENT#${id}`, sk: '#' });
export const servedKey = (id: string): Key => ({ pk: `DEPLOYMENT#${id}`, sk: 'SERVED' });
export const visitKey = (deploymentId: string): Key => ({
  pk: `DEPLOYMENT#${deploymentId}`,
  sk: 'DUE',
});
export const blockTypeKey = (id: string): Key => ({ pk: BLOCKS, sk: `${BLOCK_TYPES}${id}` });
export const blockSchemaKey = (checksum: string, version: string): Key => ({
  pk: BLOCKS,
  sk: `${BLOCK_SCHEMAS}${checksum}#${version}`,
});
export const blockSchemaPlaceKey = (id: string): Key => ({ pk: `BLOCKSCHEMA#${id}`, sk: '#' });
export const blockDocumentNameKey = (typeId: string, name: string): Key => ({
  pk: `BLOCKTYPE#${typeId}`,
  sk: `${BLOCK_DOCUMENT_NAMES}${name}`,
});
export const blockDocumentKey = (id: string): Key => ({ pk: `BLOCK#${id}`, sk: '#' });
export const variableKey = (name: string): Key => ({ pk: VARIABLES, sk: name });
export const variablePlaceKey = (id: string): Key => ({ pk: `${VARIABLES}#${id}`, sk: '#' });
export const artifactKey = (id: string): Key => ({ pk: `ARTIFACT#${id}`, sk: '#' });
export const artifactKeyKey = (key: string): Key => ({ pk: ARTIFACT_KEYS, sk: key });
export const artifactVersions = (key: string): string => `ARTIFACTKEY#${key}`;
export const artifactVersionKey = (key: string, version: string): Key => ({
  pk: artifactVersions(key),
  sk: version,
});
export const namedLimitKey = (name: string): Key => ({ pk: `NAMEDLIMIT#${name}`, sk: '#' });
export const namedLimitPlaceKey = (id: string): Key => ({ pk: `LIMITID#${id}`, sk: '#' });
export const holderKey = (limitId: string, leaseId: string): Key => ({
  pk: namedLimitPlaceKey(limitId).pk,
  sk: `${HOLDERS}${leaseId}`,
});
export const leaseKey = (id: string): Key => ({ pk: `LEASE#${id}`, sk: '#' });
export const schemaKey: Key = { pk: 'SCHEMA', sk: '#' };
export const daysKey: Key = { pk: 'DAYS', sk: '#' };
export const runKey = (id: string): Key => ({ pk: `RUN#${id}`, sk: '#' });
export const movedStatesKey = (runId: string, first: number, lastStateId: string): Key => ({
  pk: `RUN#${runId}`,
  sk: `${MOVED_STATES}${String(first).padStart(6, '0')}#${lastStateId}`,
});
export const payloadKey = (runId: string, hash: string, chunk: number): Key => ({
  pk: `RUN#${runId}`,
  sk: `${payloadPrefix(hash)}${String(chunk).padStart(3, '0')}`,
});
export const inputKey = (runId: string, key: string): Key => ({
  pk: `RUN#${runId}`,
  sk: inputPrefix(key),
});
export const pauseKey = (runId: string): Key => ({ pk: `RUN#${runId}`, sk: 'DUE' });
export const taskRunKey = (id: string): Key => ({ pk: `TASKRUN#${id}`, sk: '#' });
export const childRunKey = (taskRunId: string, runId: string): Key => ({
  pk: `TASKRUN#${taskRunId}`,
  sk: `${CHILD_RUNS}${runId}`,
});
/** `hash`: of the task's key and the dynamic key, which may be longer than a key of the table. */
export const taskKeysKey = (flowRunId: string | null, hash: string): Key =>
  flowRunId === null
    ? { pk: `TASKKEYS#${hash}`, sk: '#' }
    : { pk: `RUN#${flowRunId}`, sk: `${TASK_RUNS}${hash}` };
export const logPartition = (owner: LogOwner): string =>
  'runId' in owner ? `RUN#${owner.runId}` : `TASKLOGS#${owner.taskRunId}`;
export const logKey = (owner: LogOwner, at: Instant, batch: string, part: number): Key => ({
  pk: logPartition(owner),
  sk: `${LOGS}${sortable(at)}#${batch}#${String(part).padStart(4, '0')}`,
});

export const POOLS = 'POOL';
export const API_KEYS = 'APIKEY';
export const HOLDERS = 'HELD#';
export const leaseOfHolder = (sk: string): string => sk.slice(HOLDERS.length);
export const VARIABLES = 'VARIABLE';
export const ARTIFACT_KEYS = 'ARTIFACT';
export const DELETED = 'DELETED';
export const DELETED_QUEUES = 'QUEUE#';
export const QUEUES = 'QUEUE#';
const BLOCKS = 'BLOCK';
export const BLOCK_TYPES = 'TYPE#';
export const BLOCK_SCHEMAS = 'SCHEMA#';
export const BLOCK_DOCUMENT_NAMES = 'DOCUMENT#';
export const DEPLOYMENT_NAMES = 'DEPLOYMENT#';
export const SESSIONS = 'SESSION#';
const SLOTS = 'SLOT#';
export const slotOf = (sk: string): number => Number(sk.slice(SLOTS.length));
export const MOVED_STATES = 'STATE#';
export const LOGS = 'LOG#';
export const TASK_RUNS = 'TASK#';
export const CHILD_RUNS = 'RUN#';
const PAYLOADS = 'INPUT#';
export const payloadPrefix = (hash: string): string => `${PAYLOADS}${hash}#`;
const INPUTS = 'SENT#';
export const inputPrefix = (key: string): string => `${INPUTS}${key}`;
export const keyOfInput = (sk: string): string => sk.slice(INPUTS.length);
export const isPayloadKey = ({ sk }: Key): boolean => sk.startsWith(PAYLOADS);

/** Instants as text that sorts as they do. */
const sortable = (at: Instant): string => String(at).padStart(16, '0');

/** `<time>#<id>`, and the id again. */
const timed = (at: Instant, id: string): string => `${sortable(at)}#${id}`;
/** In the order of their creation. */
export const artifactVersion = (at: Instant, id: string): string => timed(at, id);
export const idOf = (timedKey: string): string => timedKey.slice(timedKey.lastIndexOf('#') + 1);
/** Sorts after every key of that instant. */
export const endOf = (at: Instant): string => `${sortable(at)}$`;
/** The first key that can come after this one. */
export const behind = (timedKey: string): string => `${timedKey}!`;
export const startOf = (at: Instant): string => sortable(at);

/**
 * The dispatch index: where a run is in its life.
 *
 *   READY#<queueId>#<shard>   <scheduledTime>#<runId>     waits
 *   READY#<queueId>~<deploymentId>  <the same>            waits in the lane of a limited deployment
 *   READY#serve~<deploymentId>      <the same>            waits for who serves its deployment
 *   CLAIMED#<sessionId>       <claimedAt>#<runId>         held by a session
 *   CLAIMED#<sessionId>       ~cancel#<time>#<runId>      held, and asked to stop (~ sorts last)
 *   CLAIMED#adhoc#<shard>     <time>#<runId>              executed by hand or served, not final
 *   DUE#pause#<shard>         <time>#<runId>              (beside the run) its pause ends by itself
 *   DUE#schedule#<shard>      <time>#<deploymentId>       (beside the deployment) its schedules are due
 *   DUE#lease#<shard>         <time>#<leaseId>            a lease of slots lapses
 *   FAILED#<day>#<shard>      <time>#<runId>              the dead-letter view
 *   (absent)                                              completed, cancelled, suspended
 */
export interface DispatchKey {
  readonly gsi1pk: string;
  readonly gsi1sk: string;
}

export const readyPartition = (queueId: string, shard: number): string =>
  `READY#${queueId}#${shard}`;
export const lanePartition = (queueId: string, deploymentId: string): string =>
  `READY#${queueId}~${deploymentId}`;
/** A deployment without a pool: its runs wait in a queue of their own. */
const servedPartition = (deploymentId: string): string => lanePartition(SERVED_QUEUE, deploymentId);
export const claimedPartition = (sessionId: string): string => `CLAIMED#${sessionId}`;
export const byHandPartition = (shard: number): string => `CLAIMED#adhoc#${shard}`;
export const failedPartition = (day: string, shard: number): string => `FAILED#${day}#${shard}`;
export const pausePartition = (shard: number): string => `DUE#pause#${shard}`;
export const duePauseKeys = (runId: string, until: Instant): DispatchKey => ({
  gsi1pk: pausePartition(shardOf(runId)),
  gsi1sk: timed(until, runId),
});
export const visitPartition = (shard: number): string => `DUE#schedule#${shard}`;
export const dueVisitKeys = (deploymentId: string, at: Instant): DispatchKey => ({
  gsi1pk: visitPartition(shardOf(deploymentId)),
  gsi1sk: timed(at, deploymentId),
});
export const leasePartition = (shard: number): string => `DUE#lease#${shard}`;
export const dueLeaseKeys = (leaseId: string, until: Instant): DispatchKey => ({
  gsi1pk: leasePartition(shardOf(leaseId)),
  gsi1sk: timed(until, leaseId),
});
const CANCELLING = '~cancel#';
export const isCancellingKey = (gsi1sk: string): boolean => gsi1sk.startsWith(CANCELLING);
/** The time in a key of the dispatch index. */
export const timeOf = (gsi1sk: string): Instant =>
  Number(gsi1sk.slice(isCancellingKey(gsi1sk) ? CANCELLING.length : 0).split('#')[0]);
/** One query per shard of a listing. */
export const listingShards = (): number[] =>
  Array.from({ length: LIMITS.timelineShards }, (_, shard) => shard);

/** undefined: not listed. */
export function dispatchKey(runId: string, place: Place): DispatchKey | undefined {
  switch (place.kind) {
    case 'ready':
      // One shard per queue so far: shards of busy queues will be chosen here.
      return {
        gsi1pk: place.lane
          ? lanePartition(place.queueId, place.lane)
          : readyPartition(place.queueId, 0),
        gsi1sk: timed(place.at, runId),
      };
    case 'claimed':
      return { gsi1pk: claimedPartition(place.sessionId), gsi1sk: timed(place.at, runId) };
    case 'cancelling':
      return {
        gsi1pk: claimedPartition(place.sessionId),
        gsi1sk: `${CANCELLING}${timed(place.at, runId)}`,
      };
    case 'served':
      return { gsi1pk: servedPartition(place.deploymentId), gsi1sk: timed(place.at, runId) };
    case 'adhoc':
      return { gsi1pk: byHandPartition(shardOf(runId)), gsi1sk: timed(place.at, runId) };
    case 'failed':
      return {
        gsi1pk: failedPartition(dayOf(place.at), shardOf(runId)),
        gsi1sk: timed(place.at, runId),
      };
    case 'nowhere':
      return undefined;
  }
}

/** The listing indexes: keys that never change after creation. */
export const timelinePartition = (of: Listed, day: string, shard: number): string =>
  `${TIMELINE[of]}#${day}#${shard}`;
const TIMELINE = { runs: 'RUNS', taskRuns: 'TASKRUNS', artifacts: 'ARTIFACTS' };
export type Listed = keyof typeof TIMELINE;
export const deploymentPartition = (deploymentId: string): string => `DEPLOYMENT#${deploymentId}`;
export const FLOW_LIST = 'FLOWS';
export const DEPLOYMENT_LIST = 'DEPLOYMENTS';
export const NAMED_LIMIT_LIST = 'NAMEDLIMITS';

/** Runs are listed at the later of their creation and the time they were first meant to start. */
export function runListingKeys(runId: string, listedAt: Instant, deploymentId?: string) {
  return {
    gsi2pk: timelinePartition('runs', dayOf(listedAt), shardOf(runId)),
    gsi2sk: timed(listedAt, runId),
    ...(deploymentId ? { gsi3pk: deploymentPartition(deploymentId) } : {}),
  };
}

/** Task runs are, in the same way. */
export const taskRunListingKeys = (id: string, listedAt: Instant) => ({
  gsi2pk: timelinePartition('taskRuns', dayOf(listedAt), shardOf(id)),
  gsi2sk: timed(listedAt, id),
});

/** Those of a run, too: in the index that lists the runs of a deployment. */
export const artifactsPartition = (flowRunId: string): string => `ARTIFACTS#${flowRunId}`;
export const artifactListingKeys = (id: string, at: Instant, flowRunId: string | null) => ({
  gsi2pk: timelinePartition('artifacts', dayOf(at), shardOf(id)),
  gsi2sk: timed(at, id),
  ...(flowRunId === null ? {} : { gsi3pk: artifactsPartition(flowRunId) }),
});

export const recordListingKeys = (list: string, name: string, id: string) => ({
  gsi2pk: list,
  gsi2sk: `${name}#${id}`,
});

/** The time in a key of the timeline; what equals it is stored nowhere else. */
export const listedAtOf = (gsi2sk: string): Instant => Number(gsi2sk.slice(0, 16));

/** Ids end in random digits, so they spread. */
function shardOf(id: string): number {
  return Number.parseInt(id.slice(-4), 16) % LIMITS.timelineShards;
}
