import { createHash } from 'node:crypto';
import type { Payload } from '../../model/runs/run.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { get, queryPrefix } from '../dynamo/read.ts';
import { put } from '../dynamo/write.ts';
import { ttl } from '../table/binary.ts';
import { payloadKey, payloadPartition, payloadPrefix } from '../table/keys.ts';

/**
 * A small text stays in the run's item. A large one is written beside the run, before anything
 * points at it, under its own hash, so that writing it twice has no effect. Payloads of a run are
 * deleted with the run (forget-run.ts). Those of a task run expire by themselves.
 */
export async function savePayload(
  db: Dynamo,
  owner: Owner,
  payload: JsonText | string,
  at: Instant,
): Promise<Payload> {
  const text = typeof payload === 'string' ? payload : payload.text;
  const bytes = Buffer.from(text);
  if (bytes.length <= NUMBERS.inlineBytes) return { text };
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const end = 'runId' in owner ? {} : { expiresAt: ttl(at + NUMBERS.retention) };
  const chunks = Math.ceil(bytes.length / NUMBERS.chunkBytes);
  for (let n = 0; n < chunks; n++) {
    const chunk = bytes.subarray(n * NUMBERS.chunkBytes, (n + 1) * NUMBERS.chunkBytes);
    await put(db, { ...payloadKey(owner, hash, n), chunk, savedAt: at, ...end });
  }
  return { hash, bytes: bytes.length };
}

/** The beginning of a text: all of it if it is small, else as much as its first chunk has. */
export async function readPayloadHead(db: Dynamo, owner: Owner, payload: Payload): Promise<string> {
  if ('text' in payload || payload.bytes <= NUMBERS.chunkBytes) {
    return readPayload(db, owner, payload);
  }
  const item = await get(db, payloadKey(owner, payload.hash, 0));
  if (!item) throw incomplete(owner, payload.hash);
  return Buffer.from(item['chunk'] as Uint8Array).toString('utf8');
}

/** @throws Error if a chunk is missing: then the payload's run is being deleted. */
export async function readPayload(db: Dynamo, owner: Owner, payload: Payload): Promise<string> {
  if ('text' in payload) return payload.text;
  const items = await queryPrefix(db, payloadPartition(owner), payloadPrefix(payload.hash));
  const bytes = Buffer.concat(items.map((item) => item['chunk'] as Uint8Array));
  if (bytes.length !== payload.bytes) {
    throw incomplete(owner, payload.hash);
  }
  return bytes.toString('utf8');
}

const incomplete = (owner: Owner, hash: string) =>
  new Error(`payload ${hash} of ${payloadPartition(owner)} is incomplete`);
