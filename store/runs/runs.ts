import type { Updated } from '../../model/runs/claim-store.ts';
import type { ClaimToken } from '../../model/runs/claim-token.ts';
import { listedAt, type NewRun, type Run, type RunState } from '../../model/runs/run.ts';
import type { CreateTerms, RunChange } from '../../model/runs/run-store.ts';
import { CLAIMABLE } from '../../model/runs/state.ts';
import { dayOf } from '../../model/values/instant.ts';
import {
  allOf,
  itIsARun,
  itIsNew,
  itIsScheduled,
  itIsTheTombstoneRead,
  thisClaimIsCurrent,
} from '../conditions.ts';
import { type Dynamo, within } from '../dynamo/dynamo.ts';
import { batchGet, get, queryPrefix } from '../dynamo/read.ts';
import { put, update } from '../dynamo/write.ts';
import type { Days } from '../lists/days.ts';
import { secretBytes } from '../table/binary.ts';
import { childRunKey, MOVED_STATES, runKey } from '../table/keys.ts';
import { isTombstone } from '../table/tombstone.ts';
import { fromRunItem, toRunItem } from './run-item.ts';
import { fromStateEntry, type StateEntry, toPayload } from './state-entry.ts';

/** 4 write units: the item, and one entry in each of three indexes. Once more over a tombstone. */
export async function createRun(
  db: Dynamo,
  days: Days,
  run: NewRun,
  { within: micros, unlessDeleted }: CreateTerms = {},
): Promise<{ run: Run; created: boolean }> {
  const inTime = micros === undefined ? undefined : within(micros);
  // Where it is listed, and the first day that it may fail on.
  await Promise.all([days.note(dayOf(listedAt(run))), days.note(dayOf(run.createdAt))]);
  // Before the run, so that whoever sees the run finds it; alone it points at nothing.
  if (run.parentTaskRunId) await put(db, { ...childRunKey(run.parentTaskRunId, run.id) });
  const item = toRunItem(run);
  const written = await put(db, item, { condition: itIsNew, abortSignal: inTime });
  if (written.won || !written.item) return { run: fromRunItem(item), created: true };
  if (isTombstone(written.item)) {
    const again = { ...item, attempt: run.attempt + written.item.lastAttempt };
    if (unlessDeleted) return { run: fromRunItem(again), created: false };
    const read = { ':yes': true, ':lastAttempt': written.item.lastAttempt };
    const over = await put(db, again, {
      condition: itIsTheTombstoneRead,
      values: read,
      abortSignal: inTime,
    });
    if (over.won) return { run: fromRunItem(again), created: true };
    // Somebody else was first; or its time had come, and it is as if it had never been.
    return createRun(db, days, run, micros === undefined ? {} : { within: micros });
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
