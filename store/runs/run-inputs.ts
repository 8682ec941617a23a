import type { RunInput } from '../../model/runs/input-store.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { itIsNew, itIsThere } from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { get, queryPrefix } from '../dynamo/read.ts';
import { put, remove } from '../dynamo/write.ts';
import { ttl } from '../table/binary.ts';
import type { Item } from '../table/item.ts';
import { inputKey, inputPrefix, keyOfInput, runKey } from '../table/keys.ts';

/** One beside a run that is deleted meanwhile is nobody's, and goes when its time comes. */
export async function createInput(
  db: Dynamo,
  runId: string,
  { key, ...input }: RunInput,
): Promise<'created' | 'exists'> {
  const item = {
    ...inputKey(runId, key),
    ...input,
    expiresAt: ttl(input.createdAt + NUMBERS.retention),
  };
  const written = await put(db, item, { condition: itIsNew });
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
