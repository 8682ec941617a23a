import { type Scope, scopeKey } from '../../model/limits.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import type { Instant } from '../../model/values/instant.ts';
import { sortable, timed } from './timed-keys.ts';

/**
 * Every key of the table. No other file builds one. The keys of its indexes are in dispatch-keys.ts
 * and listing-keys.ts.
 *
 *   POOL               <name>                     work pool
 *   APIKEY             <id>                       API key: a small set
 *   DELETED            POOL#<name>#<poolId>       deleted work pool, while any run of it is held
 *   DELETED            QUEUE#<queueId>            deleted work queue, while runs wait in it
 *   POOL#<poolId>      QUEUE#<name>               work queue
 *   POOL#<poolId>      SESSION#<sessionId>        session: one life of an agent process
 *   POOL#<poolId>      WORKER#<name>              which session has this worker name
 *   POOL#<poolId>      SERVICE#<kind>             when its agents, or workers, were last served
 *   QUEUE#<queueId>    #                          a queue's name and pool; when it was last polled
 *   FLOW#<flowId>      #                          flow
 *   FLOW#<flowId>      DEPLOYMENT#<name>          which deployment has this name
 *   DEPLOYMENT#<id>    #                          deployment
 *   DEPLOYMENT#<id>    DUE                        its next visit, and what its schedules made
 *   DEPLOYMENT#<id>    SERVED                     when a process that serves it last polled
 *   BLOCK              TYPE#<id>                  block type: a small set
 *   BLOCK              SCHEMA#<checksum>#<version>  block schema
 *   BLOCK              RESULTS                    the block that keeps results by default
 *   BLOCKSCHEMA#<id>   #                          checksum and version of the schema with this id
 *   BLOCKTYPE#<id>     DOCUMENT#<name>            which block document has this name
 *   BLOCK#<id>         #                          block document
 *   VARIABLE           <name>                     variable: a small set
 *   VARIABLE#<id>      #                          which name the variable with this id has
 *   SAVEDSEARCH        <id>                       saved search: a small set
 *   ARTIFACT           <key>                      a key of artifacts, and its latest: a small set
 *   ARTIFACTKEY#<key>  <time>#<id>                a version of that key
 *   ARTIFACT#<id>      #                          artifact
 *   NAMEDLIMIT#<name>  #                          concurrency limit with a name
 *   LIMITID#<id>       #                          which name the limit with this id has
 *   LIMITID#<id>       HELD#<leaseId>             a lease of its slots that names its holder
 *   LEASE#<id>         #                          lease of slots of named limits
 *   LIMIT#<scope>      #                          a concurrency limit, and its version
 *   LIMIT#<scope>      SLOT#<k>                   one slot of it, and its holder
 *   SCHEMA             #                          the newest version of the items written: table.ts
 *   DAYS               #                          the days that runs were created on
 *   RUN#<id>           #                          run, or the tombstone of a deleted one
 *   RUN#<id>           STATE#<n>#<last state id>  states moved out of the run, from its nth on
 *   RUN#<id>           INPUT#<hash>#<n>           a large payload, in chunks
 *   RUN#<id>           SENT#<key>                 a value that was sent to the run
 *   RUN#<id>           LOG#<time>#<batch>#<n>     log lines, compressed
 *   RUN#<id>           LOGS#<time>#<batch>        what the index of its logs says of these lines
 *   RUN#<id>           TASK#<hash of its keys>    which task run of this flow run has these keys
 *   RUN#<id>           DUE                        when its pause times out
 *   RUN#<id>           CANCELLED                  what it started is to be cancelled, too
 *   TASKRUN#<id>       #                          task run
 *   TASKRUN#<id>       RUN#<runId>                a run that it is the parent of
 *   TASKDATA#<id>      INPUT#<hash>#<n>           a large payload of a task run, in chunks
 *   TASKLOGS#<id>      LOG#…, LOGS#…              log lines of a task run that name no flow run
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
/** For deleted pools of that name, or of any name. */
export const deletedPoolPrefix = (name?: string): string =>
  name === undefined ? 'POOL#' : `POOL#${name}#`;
export const deletedQueueKey = (queueId: string): Key => ({
  pk: DELETED,
  sk: `${DELETED_QUEUES}${queueId}`,
});
/** Everything in a pool: queues, sessions, worker names. */
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
export const resultStorageKey: Key = { pk: 'BLOCK', sk: 'RESULTS' };
export const blockDocumentKey = (id: string): Key => ({ pk: `BLOCK#${id}`, sk: '#' });
export const variableKey = (name: string): Key => ({ pk: VARIABLES, sk: name });
export const variablePlaceKey = (id: string): Key => ({ pk: `${VARIABLES}#${id}`, sk: '#' });
export const savedSearchKey = (id: string): Key => ({ pk: SAVED_SEARCHES, sk: id });
export const artifactKey = (id: string): Key => ({ pk: `ARTIFACT#${id}`, sk: '#' });
export const artifactKeyKey = (key: string): Key => ({ pk: ARTIFACT_KEYS, sk: key });
export const artifactVersions = (key: string): string => `ARTIFACTKEY#${key}`;
/** Sorts in the order of creation. */
export const artifactVersion = (at: Instant, id: string): string => timed(at, id);
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
export const payloadPartition = (owner: Owner): string =>
  'runId' in owner ? `RUN#${owner.runId}` : `TASKDATA#${owner.taskRunId}`;
export const payloadKey = (owner: Owner, hash: string, chunk: number): Key => ({
  pk: payloadPartition(owner),
  sk: `${payloadPrefix(hash)}${String(chunk).padStart(3, '0')}`,
});
export const inputKey = (runId: string, key: string): Key => ({
  pk: `RUN#${runId}`,
  sk: inputPrefix(key),
});
export const pauseKey = (runId: string): Key => ({ pk: `RUN#${runId}`, sk: 'DUE' });
export const cancellationKey = (runId: string): Key => ({ pk: `RUN#${runId}`, sk: 'CANCELLED' });
export const taskRunKey = (id: string): Key => ({ pk: `TASKRUN#${id}`, sk: '#' });
export const childRunKey = (taskRunId: string, runId: string): Key => ({
  pk: `TASKRUN#${taskRunId}`,
  sk: `${CHILD_RUNS}${runId}`,
});
/** `hash`: of the task key and the dynamic key, which together may be too long for a sort key. */
export const taskKeysKey = (flowRunId: string | null, hash: string): Key =>
  flowRunId === null
    ? { pk: `TASKKEYS#${hash}`, sk: '#' }
    : { pk: `RUN#${flowRunId}`, sk: `${TASK_RUNS}${hash}` };
export const logPartition = (owner: Owner): string =>
  'runId' in owner ? `RUN#${owner.runId}` : `TASKLOGS#${owner.taskRunId}`;
export const logKey = (owner: Owner, at: Instant, batch: string, part: number): Key => ({
  pk: logPartition(owner),
  sk: `${logPrefix(at, batch)}${String(part).padStart(4, '0')}`,
});
export const logPrefix = (at: Instant, batch: string): string => `${LOGS}${sortable(at)}#${batch}#`;
/** All batches lie between these two; so do those that arrived before an instant. */
export const beforeLogs = 'LOG#';
export const afterLogs = (at?: Instant): string =>
  at === undefined ? 'LOG$' : `${LOGS}${sortable(at)}`;
export const timeOfLog = (sk: string): Instant => Number(sk.slice(LOGS.length).split('#')[0]);
export const logEntryKey = (owner: Owner, at: Instant, batch: string): Key => ({
  pk: logPartition(owner),
  sk: `${logEntriesFrom(at)}#${batch}`,
});
export const logEntriesFrom = (at: Instant): string => `LOGS#${sortable(at)}`;
export const logEntriesAfter = 'LOGS$';

export const POOLS = 'POOL';
export const API_KEYS = 'APIKEY';
export const HOLDERS = 'HELD#';
export const leaseOfHolder = (sk: string): string => sk.slice(HOLDERS.length);
export const VARIABLES = 'VARIABLE';
export const SAVED_SEARCHES = 'SAVEDSEARCH';
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
const LOGS = 'LOG#';
export const TASK_RUNS = 'TASK#';
export const CHILD_RUNS = 'RUN#';
const PAYLOADS = 'INPUT#';
export const payloadPrefix = (hash: string): string => `${PAYLOADS}${hash}#`;
const INPUTS = 'SENT#';
export const inputPrefix = (key: string): string => `${INPUTS}${key}`;
export const keyOfInput = (sk: string): string => sk.slice(INPUTS.length);
export const isPayloadKey = ({ sk }: Key): boolean => sk.startsWith(PAYLOADS);
