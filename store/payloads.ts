import { createHash } from 'node:crypto';
import type { Instant } from '../core/instant.ts';
import type { JsonText } from '../core/json-text.ts';
import { LIMITS } from '../core/limits.ts';
import type { Payload } from '../core/run.ts';
import type { Dynamo } from './dynamo.ts';
import { payloadKey, payloadPrefix, runKey } from './keys.ts';
import { queryPrefix } from './read.ts';
import { put } from './write.ts';

/**
 * A small text stays where it is; a large one goes beside the run before anything points at it,
 * under its own hash, so that writing it twice is writing it once.
 */
export async function savePayload(
  db: Dynamo,
  runId: string,
  payload: JsonText | string,
  at: Instant,
): Promise<Payload> {
  const text = typeof payload === 'string' ? payload : payload.text;
  const bytes = Buffer.from(text);
  if (bytes.length <= LIMITS.inlineBytes) return { text };
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const chunks = Math.ceil(bytes.length / LIMITS.chunkBytes);
  for (let n = 0; n < chunks; n++) {
    const chunk = bytes.subarray(n * LIMITS.chunkBytes, (n + 1) * LIMITS.chunkBytes);
    await put(db, { ...payloadKey(runId, hash, n), chunk, savedAt: at });
  }
  return { hash, bytes: bytes.length };
}

/** @throws Error where a chunk is missing: that payload's run is being deleted. */
export async function readPayload(db: Dynamo, runId: string, payload: Payload): Promise<string> {
  if ('text' in payload) return payload.text;
  const items = await queryPrefix(db, runKey(runId).pk, payloadPrefix(payload.hash));
  const bytes = Buffer.concat(items.map((item) => item['chunk'] as Uint8Array));
  if (bytes.length !== payload.bytes) {
    throw new Error(`payload ${payload.hash} of run ${runId} is incomplete`);
  }
  return bytes.toString('utf8');
}
