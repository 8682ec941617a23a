import type { BlockSchema } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { assertPayloadSize } from '../sizes.ts';
import { readBlockType } from './block-types.ts';
import { canonicalFields } from './canonical-fields.ts';
import { schemasWithin } from './schemas-within.ts';

type SchemaWish = Pick<BlockSchema, 'blockTypeId' | 'fields' | 'capabilities' | 'version'>;

/**
 * Creates a schema, once per checksum and version: Prefect's clients register the same schemas
 * again and again. The schemas of blocks within it that are not registered yet are created, too.
 * @throws DibsError block_type_not_found, block_missing, invalid_request, payload_too_large
 */
export async function createBlockSchema(
  context: Context,
  wish: SchemaWish,
): Promise<{ schema: BlockSchema; created: boolean }> {
  await readBlockType(context, wish.blockTypeId);
  assertPayloadSize('fields of a block schema', wish.fields, NUMBERS.recordBytes);
  for (const inner of await schemasWithin(context, wish.fields)) {
    await store(context, { ...inner, capabilities: [], version: UNVERSIONED });
  }
  return store(context, wish);
}

/** The version of a schema that is registered without one. */
export const UNVERSIONED = 'non-versioned';

const store = (context: Context, wish: SchemaWish) =>
  context.store.createBlockSchema(
    { ...wish, id: context.newId(), createdAt: context.now() },
    canonicalFields(wish.fields),
  );

/** @throws DibsError block_schema_not_found */
export async function readBlockSchema({ store }: Context, id: string): Promise<BlockSchema> {
  const schema = await store.readBlockSchema(id);
  if (!schema) throw schemaNotFound();
  return schema;
}

/**
 * The schema with this checksum and version, or without a version the latest one.
 * @throws DibsError block_schema_not_found
 */
export async function readBlockSchemaByChecksum(
  { store }: Context,
  checksum: string,
  version: string | undefined,
): Promise<BlockSchema> {
  const schemas = await store.listBlockSchemas(checksum);
  const found = schemas
    .filter((schema) => (version ?? schema.version) === schema.version)
    .sort((a, b) => a.createdAt - b.createdAt)
    .at(-1);
  if (!found) throw schemaNotFound();
  return found;
}

/** What all block schemas together say that they can do, each thing once. */
export async function listCapabilities({ store }: Context): Promise<string[]> {
  const schemas = await store.listBlockSchemas();
  return [...new Set(schemas.flatMap(({ capabilities }) => capabilities))].sort();
}

export const schemaNotFound = () =>
  new DibsError('block_schema_not_found', 'Block schema not found');
