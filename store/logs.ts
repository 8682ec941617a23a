import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { LogLine, LogStore } from '../model/logs.ts';
import type { Owner } from '../model/runs/run-store.ts';
import type { Instant } from '../model/values/instant.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { queryPrefix } from './dynamo/read.ts';
import { put } from './dynamo/write.ts';
import { ttl } from './table/binary.ts';
import { LOGS, logKey, logPartition } from './table/keys.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** One compressed batch, cut into parts that fit an item. */
async function writeLogs(
  db: Dynamo,
  owner: Owner,
  lines: readonly LogLine[],
  at: Instant,
  batchId: string,
): Promise<void> {
  const bytes = await compress(JSON.stringify(lines));
  const parts = Math.ceil(bytes.length / NUMBERS.chunkBytes);
  for (let part = 0; part < parts; part++) {
    await put(db, {
      ...logKey(owner, at, batchId, part),
      batch: batchId,
      parts,
      lines: bytes.subarray(part * NUMBERS.chunkBytes, (part + 1) * NUMBERS.chunkBytes),
      expiresAt: ttl(at + NUMBERS.logsKept),
    });
  }
}

/** All lines of a flow run, or of a task run without one, in the order they came. A batch that is still being written is left out. */
async function readLogs(db: Dynamo, owner: Owner): Promise<LogLine[]> {
  const items = await queryPrefix(db, logPartition(owner), LOGS);
  const batches = Map.groupBy(items, (item) => item['batch'] as string);
  const lines: LogLine[] = [];
  for (const parts of batches.values()) {
    if (parts.length !== parts[0]?.['parts']) continue;
    const bytes = Buffer.concat(parts.map((part) => part['lines'] as Uint8Array));
    lines.push(...(JSON.parse((await decompress(bytes)).toString('utf8')) as LogLine[]));
  }
  return lines;
}

export const logStore = (db: Dynamo): LogStore => bound(db, { writeLogs, readLogs });
