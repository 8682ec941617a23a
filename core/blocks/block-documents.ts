import type { BlockDocument, BlockSchema, BlockType } from '../../model/blocks.ts';
import type { Deployment } from '../../model/deployments.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { assertPayloadSize } from '../sizes.ts';
import { readBlockSchema } from './block-schemas.ts';
import { blockTypeId, readBlockType } from './block-types.ts';
import { assertReferences, assertShowable } from './references.ts';
import { type BlockView, blockReader } from './view-block.ts';

type NewDocument = Pick<BlockDocument, 'data' | 'blockSchemaId' | 'blockTypeId' | 'isAnonymous'> & {
  readonly name: string | null;
};

/**
 * @throws DibsError invalid_request, block_type_not_found, block_schema_not_found,
 *   block_document_exists, block_reference_invalid, block_missing, payload_too_large
 */
export async function createBlockDocument(
  context: Context,
  { name: given, ...wish }: NewDocument,
): Promise<BlockView> {
  const type = await readBlockType(context, wish.blockTypeId);
  const schema = await schemaOf(context, wish.blockSchemaId, type);
  assertData(wish.data);
  const at = context.now();
  const document: BlockDocument = {
    ...wish,
    id: context.newId(),
    name: nameOf(context, given, wish.isAnonymous),
    generation: 1,
    createdAt: at,
    updatedAt: at,
  };
  const reader = blockReader(context);
  await assertReferences(reader, document.id, document.data);
  const view = await reader.viewOf({ document, schema, type });
  assertShowable(view);
  if ((await context.store.createBlockDocument(document)) === 'created') return view;
  throw new DibsError('block_document_exists', 'Block already exists');
}

function nameOf({ newId }: Context, given: string | null, isAnonymous: boolean): string {
  if (isAnonymous) return given ?? `anonymous-${newId()}`;
  if (given !== null) return given;
  throw new DibsError('invalid_request', 'Names must be provided for block documents.', {
    hint: 'Give it a name, or set is_anonymous.',
  });
}

/** @throws DibsError block_document_not_found */
export async function readBlockDocument(context: Context, id: string): Promise<BlockView> {
  const view = await blockReader(context).view(id);
  if (!view) throw documentNotFound();
  return view;
}

/** @throws DibsError block_document_not_found */
export async function readBlockDocumentByName(
  context: Context,
  slug: string,
  name: string,
): Promise<BlockView> {
  const id = await context.store.findBlockDocument(blockTypeId(slug), name);
  if (id === undefined) throw documentNotFound();
  return readBlockDocument(context, id);
}

/** @throws DibsError block_document_not_found */
export async function deleteBlockDocument({ store }: Context, id: string): Promise<void> {
  const document = await store.readBlockDocument(id);
  if (!document || (await store.deleteBlockDocument(document)) === 'missing') {
    throw documentNotFound();
  }
}

/**
 * Checks that the blocks that a deployment or a run names exist. `failed` says what cannot be done.
 * @throws DibsError block_missing
 */
export async function assertBlocksExist(
  { store }: Context,
  of: {
    [Field in keyof Pick<Deployment, 'storageDocumentId' | 'infrastructureDocumentId'>]?:
      | string
      | null;
  },
  failed = '',
): Promise<void> {
  const named = { storage: of.storageDocumentId, infrastructure: of.infrastructureDocumentId };
  for (const [what, id] of Object.entries(named)) {
    if (!id || (await store.readBlockDocument(id))) continue;
    throw new DibsError(
      'block_missing',
      `${failed}Could not find ${what} block with id: ${id}. This usually occurs when applying a ` +
        'deployment specification that was built against a different Prefect database / workspace.',
    );
  }
}

/** @throws DibsError block_schema_not_found, invalid_request */
async function schemaOf(context: Context, id: string, type: BlockType): Promise<BlockSchema> {
  const schema = await readBlockSchema(context, id);
  if (schema.blockTypeId === type.id) return schema;
  throw new DibsError(
    'invalid_request',
    `Block schema ${id} is not one of block type ${type.slug}.`,
  );
}

/** @throws DibsError payload_too_large */
export const assertData = (data: JsonText): void =>
  assertPayloadSize('data of a block document', data, NUMBERS.recordBytes);

const documentNotFound = () =>
  new DibsError('block_document_not_found', 'Block document not found');
