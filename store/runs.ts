import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ClaimToken } from '../core/claim-token.ts';
import { dayOf } from '../core/instant.ts';
import { listedAt, type NewRun, type Run, type RunState } from '../core/run.ts';
import { CLAIMABLE } from '../core/state.ts';
import type {
  ByHandEntry,
  ClaimedEntry,
  ReadyEntry,
  ReadyWindow,
  RunChange,
  Updated,
} from '../core/store.ts';
import { idText, secretBytes } from './binary.ts';
import {
  allOf,
  itIsARun,
  itIsListedThere,
  itIsNew,
  itIsScheduled,
  itIsTheTombstoneRead,
  thisClaimIsCurrent,
} from './conditions.ts';
import type { Days } from './days.ts';
import {
  byHandPartition,
  claimedPartition,
  isCancellingKey,
  lanePartition,
  readyPartition,
  timeOf,
} from './dispatch-keys.ts';
import { type Dynamo, within } from './dynamo.ts';
import { childRunKey, MOVED_STATES, runKey } from './keys.ts';
import { batchGet, get, queryAll, queryPrefix } from './read.ts';
import { fromRunItem, toRunItem } from './run-item.ts';
import { fromStateEntry, type StateEntry, toPayload } from './state-entry.ts';
import { behind, endOf, idOf, listingShards, startOf } from './timed-keys.ts';
import { isTombstone } from './tombstone.ts';
import { put, update } from './write.ts';

/** 4 write units: the item, and one entry in each of three indexes. Once more over a tombstone. */
export async function createRun(
  db: Dynamo,
  days: Days,
  run: NewRun,
  withinMicros?: number,
  unlessDeleted?: 'unless deleted',
): Promise<{ run: Run; created: boolean }> {
  const inTime = withinMicros === undefined ? undefined : within(withinMicros);
  // Where it is listed, and the first day that it may fail on.
  await Promise.all([days.note(dayOf(listedAt(run))), days.note(dayOf(run.createdAt))]);
  // Before the run, so that whoever sees the run finds it; alone it points at nothing.
  if (run.parentTaskRunId) await put(db, { ...childRunKey(run.parentTaskRunId, run.id) });
  const item = toRunItem(run);
  const written = await put(db, item, itIsNew, undefined, inTime);
  if (written.won || !written.item) return { run: fromRunItem(item), created: true };
  if (isTombstone(written.item)) {
    const again = { ...item, attempt: run.attempt + written.item.lastAttempt };
    if (unlessDeleted) return { run: fromRunItem(again), created: false };
    const read = { ':yes': true, ':lastAttempt': written.item.lastAttempt };
    const over = await put(db, again, itIsTheTombstoneRead, read, inTime);
    if (over.won) return { run: fromRunItem(again), created: true };
    // Somebody else was first; or its time had come, and it is as if it had never been.
    return createRun(db, days, run, withinMicros);
  }
  const found = fromRunItem(written.item);
  // My own write, whose reply was lost, sent again by the SDK.
  const mine = found.states.some(({ id }) => id === run.state.id);
  return { run: found, created: mine };
}

export async function readRun(db: Dynamo, id: string): Promise<Run | undefined> {
  const item = await get(db, runKey(id));
  return item && fromRunItem(item);
}

export async function readRuns(db: Dynamo, ids: readonly string[]): Promise<Run[]> {
  return (await batchGet(db, ids.map(runKey))).map(fromRunItem);
}

export async function updateRun(
  db: Dynamo,
  id: string,
  { parameters, jobVariables, ...rest }: RunChange,
  token: ClaimToken | undefined,
): Promise<Updated> {
  const change: Readonly<Record<string, unknown>> = {
    ...rest,
    ...(parameters ? { parameters: toPayload(parameters) } : {}),
    ...(jobVariables ? { jobVariables: toPayload(jobVariables) } : {}),
  };
  const names = Object.keys(change);
  const gone = names.filter((name) => change[name] === null);
  const kept = names.filter((name) => change[name] !== null && change[name] !== undefined);
  const values = {
    ...Object.fromEntries(kept.map((name) => [`:${name}`, change[name]])),
    ...(jobVariables ? { ':scheduled': CLAIMABLE } : {}),
    ...(token ? { ':secret': secretBytes(token.secret), ':attempt': token.attempt } : {}),
  };
  const written = await update(db, runKey(id), {
    ConditionExpression: allOf(
      itIsARun,
      ...(jobVariables ? [itIsScheduled] : []),
      ...(token ? [thisClaimIsCurrent] : []),
    ),
    UpdateExpression: [
      `SET ${kept.map((name) => `#${name} = :${name}`).join(', ')}`,
      gone.length > 0 ? `REMOVE ${gone.map((name) => `#${name}`).join(', ')}` : '',
    ].join(' '),
    ExpressionAttributeNames: Object.fromEntries([...kept, ...gone].map((n) => [`#${n}`, n])),
    ExpressionAttributeValues: values,
  });
  return written.won
    ? { done: true }
    : { done: false, run: written.item && fromRunItem(written.item) };
}

export async function readMovedStates(db: Dynamo, id: string): Promise<RunState[]> {
  const chunks = await queryPrefix(db, runKey(id).pk, MOVED_STATES);
  return chunks.flatMap((chunk) => {
    const ids = chunk['stateIds'] as Uint8Array[];
    return (chunk['states'] as StateEntry[]).map((entry, i) =>
      fromStateEntry(ids[i] as Uint8Array, entry),
    );
  });
}

/** Half a read unit per 20 keys or so; an idle poll reads one empty page. */
export async function listReady(
  { client, tableName }: Dynamo,
  window: ReadyWindow,
): Promise<{ candidates: ReadyEntry[]; next?: string }> {
  const { queueId, of } = window;
  const inLane = typeof of === 'object';
  const { Items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: 'dispatch',
      KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk BETWEEN :after AND :now',
      ExpressionAttributeValues: {
        ':partition': inLane ? lanePartition(queueId, of.lane) : readyPartition(queueId, of),
        ':after': window.after ?? startOf(window.from ?? 0),
        ':now': endOf(window.now),
      },
      Limit: window.limit,
      // Priced the same, but a third as much to send and to read.
      ProjectionExpression: 'gsi1sk, deploymentId, attempt',
    }),
  );
  const candidates = Items.map((item) => ({
    runId: idOf(item['gsi1sk'] as string),
    at: timeOf(item['gsi1sk'] as string),
    attempts: item['attempt'] as number,
    inLane,
    ...(item['deploymentId'] ? { deploymentId: idText(item['deploymentId'] as Uint8Array) } : {}),
  }));
  const next = last?.['gsi1sk'] as string | undefined;
  return next === undefined ? { candidates } : { candidates, next: behind(next) };
}

export async function listClaimed(db: Dynamo, sessionId: string): Promise<ClaimedEntry[]> {
  const items = await queryAll(db, {
    IndexName: 'dispatch',
    KeyConditionExpression: 'gsi1pk = :partition',
    ExpressionAttributeValues: { ':partition': claimedPartition(sessionId) },
  });
  return items.map((item) => ({
    runId: idOf(item['pk'] as string),
    since: timeOf(item['gsi1sk'] as string),
    attempt: item['attempt'] as number,
    claimId: idText(item['claimId'] as Uint8Array),
    cancelling: isCancellingKey(item['gsi1sk'] as string),
  }));
}

export async function moveToLane(
  db: Dynamo,
  { runId }: ReadyEntry,
  { queueId, deploymentId }: { queueId: string; deploymentId: string },
): Promise<boolean> {
  const written = await update(db, runKey(runId), {
    ConditionExpression: itIsListedThere,
    UpdateExpression: 'SET gsi1pk = :lane, inLane = :yes',
    ExpressionAttributeValues: {
      ':listed': readyPartition(queueId, 0),
      ':lane': lanePartition(queueId, deploymentId),
      ':yes': true,
    },
    ReturnValues: 'NONE',
  });
  return written.won;
}

export async function listByHand(db: Dynamo): Promise<ByHandEntry[]> {
  const pages = listingShards().map((shard) =>
    queryAll(db, {
      IndexName: 'dispatch',
      KeyConditionExpression: 'gsi1pk = :partition',
      ExpressionAttributeValues: { ':partition': byHandPartition(shard) },
    }),
  );
  return (await Promise.all(pages)).flat().map((item) => ({
    runId: idOf(item['pk'] as string),
    since: timeOf(item['gsi1sk'] as string),
    attempt: item['attempt'] as number,
  }));
}
