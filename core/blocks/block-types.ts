import { v5 } from 'uuid';
import type { BlockType } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';

const BLOCK_TYPES = '5c2f0d0e-0a5e-5b59-8f0f-1d6f2f8c2b11';

/** The id of a block type, which follows from its slug. */
export const blockTypeId = (slug: string): string => v5(slug.toWellFormed(), BLOCK_TYPES);

/** The block types that Prefect's server brings along. They cannot be deleted. */
const PROTECTED: ReadonlySet<string> = new Set(['webhook', 'secret', 'local-file-system']);

export const isProtected = ({ slug }: Pick<BlockType, 'slug'>): boolean => PROTECTED.has(slug);

export type BlockTypeChange = Partial<
  Pick<BlockType, 'logoUrl' | 'documentationUrl' | 'description' | 'codeExample'>
>;

export type BlockTypeWish = Pick<BlockType, 'slug' | 'name'> & BlockTypeChange;

/** @throws DibsError block_type_exists, block_type_name_reserved */
export async function createBlockType(context: Context, wish: BlockTypeWish): Promise<BlockType> {
  if (wish.name.toLowerCase().startsWith('prefect')) {
    throw new DibsError(
      'block_type_name_reserved',
      "Block type names beginning with 'Prefect' are reserved.",
    );
  }
  const type = newBlockType(context, wish);
  if ((await context.store.createBlockType(type)) === 'created') return type;
  throw new DibsError('block_type_exists', `Block type with name "${wish.name}" already exists`);
}

/** As in Prefect, a new type's texts are safe to show in HTML; a change of it is kept as sent. */
export function newBlockType({ now }: Context, wish: BlockTypeWish): BlockType {
  const at = now();
  return {
    logoUrl: null,
    documentationUrl: null,
    ...wish,
    description: escaped(wish.description),
    codeExample: escaped(wish.codeExample),
    id: blockTypeId(wish.slug),
    createdAt: at,
    updatedAt: at,
  };
}

const escaped = (text: string | null | undefined): string | null =>
  text?.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') ?? null;

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

export const typeNotFound = () => new DibsError('block_type_not_found', 'Block type not found');
