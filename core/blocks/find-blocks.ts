import type { BlockSchema, BlockType } from '../../model/blocks.ts';
import type { BlockDocumentSort } from '../../model/values/sorts.ts';
import type { Context } from '../context.ts';
import { sortRecords } from '../criteria/sort-records.ts';
import {
  type BlockDocumentsFilter,
  type BlockSchemaFilter,
  type BlockTypeFilter,
  matchesBlock,
  matchesBlockSchema,
  matchesBlockType,
  meansNamedOnly,
} from './block-filters.ts';
import { blockTypeId, readBlockType } from './block-types.ts';
import { type BlockView, blockReader } from './view-block.ts';

interface TypesFilter {
  readonly block_types?: BlockTypeFilter | null | undefined;
  /** Types that have at least one such schema. */
  readonly block_schemas?: BlockSchemaFilter | null | undefined;
}

/** The types that match, by name. */
export async function filterBlockTypes(
  { store }: Context,
  filter: TypesFilter | undefined,
): Promise<BlockType[]> {
  const types = (await store.listBlockTypes()).filter(matchesBlockType(filter?.block_types));
  const some = filter?.block_schemas ? await typesWith(store, filter.block_schemas) : undefined;
  return types
    .filter(({ id }) => some?.has(id) ?? true)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function typesWith(store: Context['store'], filter: BlockSchemaFilter): Promise<Set<string>> {
  const schemas = (await store.listBlockSchemas()).filter(matchesBlockSchema(filter));
  return new Set(schemas.map(({ blockTypeId }) => blockTypeId));
}

/** A schema with its type. */
export interface SchemaView {
  readonly schema: BlockSchema;
  readonly type: BlockType;
}

/** The schemas that match, the latest first. */
export async function filterBlockSchemas(
  { store }: Context,
  filter: BlockSchemaFilter | null | undefined,
): Promise<SchemaView[]> {
  const [schemas, types] = await Promise.all([store.listBlockSchemas(), store.listBlockTypes()]);
  const byId = new Map(types.map((type) => [type.id, type]));
  return schemas
    .filter(matchesBlockSchema(filter))
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    .flatMap((schema) => {
      const type = byId.get(schema.blockTypeId);
      return type ? [{ schema, type }] : [];
    });
}

/** The documents that match. This reads the documents of every type that the filter allows. */
export async function filterBlockDocuments(
  context: Context,
  filter: BlockDocumentsFilter | null | undefined,
  sort?: BlockDocumentSort | null,
): Promise<BlockView[]> {
  const types = await context.store.listBlockTypes();
  const some = types.filter(matchesBlockType(filter?.block_types));
  const all = await documentsOf(context, some, meansNamedOnly(filter));
  const found = all.filter(matchesBlock(filter));
  const order = sort === 'NAME_DESC' ? sort : 'NAME_ASC';
  const named = found.map((view) => ({ ...view.document, view }));
  const sorted = sortRecords(named, order).map(({ view }) => view);
  if (sort !== 'BLOCK_TYPE_AND_NAME_ASC') return sorted;
  return sorted.sort((a, b) =>
    a.type.name < b.type.name ? -1 : a.type.name > b.type.name ? 1 : 0,
  );
}

/**
 * The named documents of a type, sorted by name.
 * @throws DibsError block_type_not_found
 */
export async function listBlockDocuments(context: Context, slug: string): Promise<BlockView[]> {
  return documentsOf(context, [await readBlockType(context, blockTypeId(slug))], true);
}

async function documentsOf(
  context: Context,
  types: readonly BlockType[],
  namedOnly: boolean,
): Promise<BlockView[]> {
  const lists = await Promise.all(types.map(({ id }) => context.store.listBlockDocuments(id)));
  const wanted = lists.flat().filter(({ isAnonymous }) => !(namedOnly && isAnonymous));
  const reader = blockReader(context);
  const found = await Promise.all(wanted.map(({ id }) => reader.view(id)));
  return found.filter((view) => view !== undefined);
}
