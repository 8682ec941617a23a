import { v5 } from 'uuid';
import type { BlockType } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';

const BLOCK_TYPES = '5c2f0d0e-0a5e-5b59-8f0f-1d6f2f8c2b11';

/** The id of a block type, which follows from its slug. */
export const blockTypeId = (slug: string): string => v5(slug.toWellFormed(), BLOCK_TYPES);

export type BlockTypeChange = Partial<
  Pick<BlockType, 'logoUrl' | 'documentationUrl' | 'description' | 'codeExample'>
>;

/** @throws DibsError block_type_exists */
export async function createBlockType(
  { store, now }: Context,
  wish: Pick<BlockType, 'slug' | 'name'> & BlockTypeChange,
): Promise<BlockType> {
  const at = now();
  const type: BlockType = {
    logoUrl: null,
    documentationUrl: null,
    description: null,
    codeExample: null,
    ...wish,
    id: blockTypeId(wish.slug),
    createdAt: at,
    updatedAt: at,
  };
  if ((await store.createBlockType(type)) === 'created') return type;
  throw new DibsError('block_type_exists', `Block type with name "${wish.name}" already exists`);
}

/** @throws DibsError block_type_not_found */
export async function readBlockType({ store }: Context, id: string): Promise<BlockType> {
  const type = await store.readBlockType(id);
  if (!type) throw typeNotFound();
  return type;
}

/** @throws DibsError block_type_not_found */
export async function updateBlockType(
  context: Context,
  id: string,
  change: BlockTypeChange,
): Promise<void> {
  const type = await readBlockType(context, id);
  const changed = { ...type, ...change, updatedAt: context.now() };
  if ((await context.store.updateBlockType(changed)) === 'missing') throw typeNotFound();
}

const typeNotFound = () => new DibsError('block_type_not_found', 'Block type not found');
