import { DibsError } from '../model/values/errors.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import { inBatches } from './batches.ts';

/**
 * Deletes records one by one and returns the ids of the deleted ones. A record that another caller
 * deletes in the meantime, or that keeps changing, is left out; the others are still deleted.
 */
export async function deleteEach(
  ids: readonly string[],
  remove: (id: string) => Promise<void>,
): Promise<string[]> {
  const deleted: string[] = [];
  for (const some of inBatches(ids, NUMBERS.recoverAtOnce)) {
    const done = await Promise.all(some.map((id) => isDeleted(id, remove)));
    deleted.push(...some.filter((_, n) => done[n]));
  }
  return deleted;
}

async function isDeleted(id: string, remove: (id: string) => Promise<void>): Promise<boolean> {
  try {
    await remove(id);
    return true;
  } catch (error) {
    if (error instanceof DibsError && error.code !== 'unavailable') return false;
    throw error;
  }
}
