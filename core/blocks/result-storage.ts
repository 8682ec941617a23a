import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { blockReader } from './view-block.ts';

/** What the schema of a block must say that it can do. */
const WRITE_PATH = 'write-path';

/** The id of the block that results are kept in by default. null also if it was deleted since. */
export async function readResultStorage(context: Context): Promise<string | null> {
  const id = await context.store.readResultStorage();
  return id !== null && (await blockReader(context).block(id)) ? id : null;
}

/** @throws DibsError block_document_not_found, block_not_writable */
export async function setResultStorage(context: Context, id: string): Promise<void> {
  const block = await blockReader(context).block(id);
  if (!block) {
    throw new DibsError('block_document_not_found', `Block document ${id} not found.`);
  }
  if (!block.schema.capabilities.includes(WRITE_PATH)) {
    throw new DibsError(
      'block_not_writable',
      `Block document ${id} cannot be used for result storage.`,
      { hint: `Name a block whose schema has the capability ${WRITE_PATH}.` },
    );
  }
  await context.store.writeResultStorage(id);
}

export const clearResultStorage = ({ store }: Context): Promise<void> =>
  store.writeResultStorage(null);
