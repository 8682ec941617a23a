import type { BlockSchema } from '../../model/blocks.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import { readBlockSchema, schemaNotFound } from './block-schemas.ts';
import { isProtected, readBlockType, typeNotFound } from './block-types.ts';

/**
 * Deletes a block type with its documents and schemas. They go first, so that a delete that was
 * interrupted can be repeated; once the type is gone nobody can add more, and what was added in the
 * meantime goes, too.
 * @throws DibsError block_type_not_found, block_type_protected
 */
export async function deleteBlockType(context: Context, id: string): Promise<void> {
  const type = await readBlockType(context, id);
  if (isProtected(type)) {
    throw new DibsError('block_type_protected', 'protected block types cannot be deleted.');
  }
  await deleteAllOf(context, id);
  if ((await context.store.deleteBlockType(id)) === 'missing') throw typeNotFound();
  await deleteAllOf(context, id);
}

/**
 * Deletes a block schema, and the documents that are stored with it.
 * @throws DibsError block_schema_not_found, block_type_protected
 */
export async function deleteBlockSchema(context: Context, id: string): Promise<void> {
  const schema = await readBlockSchema(context, id);
  const type = await context.store.readBlockType(schema.blockTypeId);
  if (type && isProtected(type)) {
    throw new DibsError(
      'block_type_protected',
      'Block schemas for protected block types cannot be deleted.',
    );
  }
  await deleteDocuments(context, schema.blockTypeId, ({ id: of }) => of === id);
  if ((await context.store.deleteBlockSchema(schema)) === 'missing') throw schemaNotFound();
}

async function deleteAllOf(context: Context, typeId: string): Promise<void> {
  await deleteDocuments(context, typeId, () => true);
  const schemas = await context.store.listBlockSchemas();
  for (const schema of schemas.filter(({ blockTypeId }) => blockTypeId === typeId)) {
    await context.store.deleteBlockSchema(schema);
  }
}

async function deleteDocuments(
  { store }: Context,
  typeId: string,
  isOf: (schema: Pick<BlockSchema, 'id'>) => boolean,
): Promise<void> {
  for (const { id } of await store.listBlockDocuments(typeId)) {
    const document = await store.readBlockDocument(id);
    if (document && isOf({ id: document.blockSchemaId })) await store.deleteBlockDocument(document);
  }
}
