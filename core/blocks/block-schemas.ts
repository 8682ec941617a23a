import type { BlockSchema } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { assertPayloadSize } from '../sizes.ts';
import { readBlockType } from './block-types.ts';
import { canonicalFields } from './canonical-fields.ts';

/**
 * Creates a schema, once per checksum and version: Prefect's clients register the same schemas
 * again and again.
 * @throws DibsError block_type_not_found, payload_too_large
 */
export async function createBlockSchema(
  context: Context,
  wish: Pick<BlockSchema, 'blockTypeId' | 'fields' | 'capabilities' | 'version'>,
): Promise<{ schema: BlockSchema; created: boolean }> {
  await readBlockType(context, wish.blockTypeId);
  assertPayloadSize('fields of a block schema', wish.fields, NUMBERS.recordBytes);
  const { store, now, newId } = context;
  const schema = { ...wish, id: newId(), createdAt: now() };
  return store.createBlockSchema(schema, canonicalFields(wish.fields));
}

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

const schemaNotFound = () => new DibsError('block_schema_not_found', 'Block schema not found');
