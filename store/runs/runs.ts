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
import { UpdateExpression } from '../dynamo/update-expression.ts';
import { put, update } from '../dynamo/write.ts';
import type { Days } from '../lists/days.ts';
import { secretBytes } from '../table/binary.ts';
import { childRunKey, MOVED_STATES, runKey } from '../table/keys.ts';
import { isTombstone } from '../table/tombstone.ts';
import { fromRunItem, toRunItem } from './run-item.ts';
import { fromStateEntry, type StateEntry, toPayload } from './state-entry.ts';

/**
 * 4 write units: the item, and one entry in each of three indexes. As many again over a tombstone.
 */
export async function createRun(
  db: Dynamo,
  days: Days,
  run: NewRun,
  { within: micros, unlessDeleted }: CreateTerms = {},
): Promise<{ run: Run; created: boolean }> {
  const inTime = micros === undefined ? undefined : within(micros);
  // The day under which the run is listed, and the first day on which it may fail.
  await Promise.all([days.note(dayOf(listedAt(run))), days.note(dayOf(run.createdAt))]);
  // Written before the run, so that whoever sees the run finds it. Alone it points at nothing.
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
    // Another create was first; or the tombstone expired, and the run can be created as a new one.
    return createRun(db, days, run, micros === undefined ? {} : { within: micros });
  }
  const found = fromRunItem(written.item);
  // It was this very write, which the SDK retried after its response was lost.
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
  const fields: Readonly<Record<string, unknown>> = {
    ...rest,
    ...(parameters ? { parameters: toPayload(parameters) } : {}),
    ...(jobVariables ? { jobVariables: toPayload(jobVariables) } : {}),
  };
  const gone = Object.keys(fields).filter((name) => fields[name] === null);
  const kept = Object.entries(fields).filter(([, value]) => value !== null);
  const change = new UpdateExpression().set(Object.fromEntries(kept)).remove(...gone);
  const written = await update(db, runKey(id), {
    ConditionExpression: allOf(
      itIsARun,
      ...(jobVariables ? [itIsScheduled] : []),
      ...(token ? [thisClaimIsCurrent] : []),
    ),
    ...change.with({
      ...(jobVariables ? { ':scheduled': CLAIMABLE } : {}),
      ...(token ? { ':secret': secretBytes(token.secret), ':attempt': token.attempt } : {}),
    }),
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
