import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  entryOf,
  type LogBatch,
  type LogBatchEntry,
  type LogLine,
  type LogStore,
} from '../model/logs.ts';
import type { Owner } from '../model/runs/run-store.ts';
import type { Instant } from '../model/values/instant.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { queryAll, queryPrefix } from './dynamo/read.ts';
import { put } from './dynamo/write.ts';
import { ttl } from './table/binary.ts';
import type { Item } from './table/item.ts';
import {
  afterLogs,
  beforeLogs,
  logEntriesAfter,
  logEntriesFrom,
  logEntryKey,
  logKey,
  logPartition,
  logPrefix,
  timeOfLog,
} from './table/keys.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * Writes one compressed batch, cut into parts that fit an item, and then its entry in the index: a
 * batch that is still being written is not listed.
 */
async function writeLogs(db: Dynamo, owner: Owner, batch: LogBatch): Promise<void> {
  const { lines, at, id } = batch;
  if (lines.length === 0) return;
  const text = JSON.stringify(lines);
  const bytes = await compress(text);
  const expiresAt = ttl(at + NUMBERS.logsKept);
  const parts = Math.ceil(bytes.length / NUMBERS.chunkBytes);
  for (let part = 0; part < parts; part++) {
    await put(db, {
      ...logKey(owner, at, id, part),
      batch: id,
      parts,
      lines: bytes.subarray(part * NUMBERS.chunkBytes, (part + 1) * NUMBERS.chunkBytes),
      expiresAt,
    });
  }
  const { id: batchId, ...entry } = entryOf(batch, Buffer.byteLength(text));
  await put(db, { ...logEntryKey(owner, at, id), ...entry, batch: batchId, expiresAt });
}

async function listLogBatches(
  db: Dynamo,
  owner: Owner,
  arrivedAfter: Instant,
): Promise<LogBatchEntry[]> {
  const items = await between(db, owner, logEntriesFrom(arrivedAfter), logEntriesAfter);
  const entries = items.map(({ pk, sk, expiresAt, batch, ...entry }) => {
    return { ...entry, id: batch } as unknown as LogBatchEntry;
  });
  if (arrivedAfter > 0) return entries;
  return [...(await entriesOfOld(db, owner, entries[0]?.at)), ...entries];
}

/** Batches that were written before there was an index lie before the first one that is in it. */
async function entriesOfOld(
  db: Dynamo,
  owner: Owner,
  first: Instant | undefined,
): Promise<LogBatchEntry[]> {
  const items = await between(db, owner, beforeLogs, afterLogs(first));
  const batches = [...Map.groupBy(items, (item) => item['batch'] as string)];
  const entries = batches.map(async ([id, parts]) => {
    const lines = await linesOf(parts);
    const at = timeOfLog(parts[0]?.['sk'] as string);
    const bytes = Buffer.byteLength(JSON.stringify(lines));
    return lines.length === 0 ? [] : [entryOf({ id, at, lines }, bytes)];
  });
  return (await Promise.all(entries)).flat();
}

async function readLogBatch(
  db: Dynamo,
  owner: Owner,
  { id, at }: Pick<LogBatchEntry, 'id' | 'at'>,
): Promise<LogLine[]> {
  return linesOf(await queryPrefix(db, logPartition(owner), logPrefix(at, id)));
}

/** None if not all parts are there. */
async function linesOf(parts: readonly Item[]): Promise<LogLine[]> {
  if (parts.length === 0 || parts.length !== parts[0]?.['parts']) return [];
  const bytes = Buffer.concat(parts.map((part) => part['lines'] as Uint8Array));
  return JSON.parse((await decompress(bytes)).toString('utf8')) as LogLine[];
}

/** A consistent read. */
const between = (db: Dynamo, owner: Owner, first: string, last: string): Promise<Item[]> =>
  queryAll(db, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': logPartition(owner), ':first': first, ':last': last },
  });

export const logStore = (db: Dynamo): LogStore =>
  bound(db, { writeLogs, listLogBatches, readLogBatch });
