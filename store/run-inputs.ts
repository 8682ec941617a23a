import { LIMITS } from '../core/limits.ts';
import type { RunInput } from '../core/run-inputs.ts';
import { ttl } from './binary.ts';
import { itIsNew, itIsThere } from './conditions.ts';
import type { Dynamo } from './dynamo.ts';
import { inputKey, inputPrefix, keyOfInput, runKey } from './keys.ts';
import { get, queryPrefix } from './read.ts';
import type { Item } from './run-item.ts';
import { put, remove } from './write.ts';

/** One beside a run that is deleted meanwhile is nobody's, and goes when its time comes. */
export async function createInput(
  db: Dynamo,
  runId: string,
  { key, ...input }: RunInput,
): Promise<'created' | 'exists'> {
  const item = {
    ...inputKey(runId, key),
    ...input,
    expiresAt: ttl(input.createdAt + LIMITS.retention),
  };
  const written = await put(db, item, itIsNew);
  if (written.won) return 'created';
  // My own write, whose reply was lost.
  return written.item?.['id'] === input.id ? 'created' : 'exists';
}

export async function readInput(
  db: Dynamo,
  runId: string,
  key: string,
): Promise<RunInput | undefined> {
  const item = await get(db, inputKey(runId, key));
  return item && fromItem(item);
}

export async function listInputs(db: Dynamo, runId: string, prefix: string): Promise<RunInput[]> {
  return (await queryPrefix(db, runKey(runId).pk, inputPrefix(prefix))).map(fromItem);
}

export async function deleteInput(
  db: Dynamo,
  runId: string,
  key: string,
): Promise<'deleted' | 'missing'> {
  return (await remove(db, inputKey(runId, key), itIsThere)).won ? 'deleted' : 'missing';
}

function fromItem({ pk, sk, expiresAt, ...input }: Item): RunInput {
  return { ...input, key: keyOfInput(sk as string) } as RunInput;
}
