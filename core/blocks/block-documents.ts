import type { BlockDocument, BlockSchema, BlockType } from '../../model/blocks.ts';
import type { Deployment } from '../../model/deployments.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { overlay } from '../parameters/parameters.ts';
import { assertPayloadSize } from '../sizes.ts';
import { readBlockSchema } from './block-schemas.ts';
import { withSecretsOf } from './block-secrets.ts';
import { blockTypeId, readBlockType } from './block-types.ts';

/** A document with its schema and type, which say how to read it. */
export interface BlockView {
  readonly document: BlockDocument;
  readonly schema: BlockSchema;
  readonly type: BlockType;
}

type NewDocument = Pick<BlockDocument, 'data' | 'blockSchemaId' | 'blockTypeId' | 'isAnonymous'> & {
  readonly name: string | null;
};

/**
 * @throws DibsError invalid_request, block_type_not_found, block_schema_not_found,
 *   block_document_exists, payload_too_large, not_supported
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
  const done = await context.store.createBlockDocument(document);
  if (done === 'created') return { document, schema, type };
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
  return view(context, await readDocument(context, id));
}

/** @throws DibsError block_document_not_found */
export async function readBlockDocumentByName(
  context: Context,
  slug: string,
  name: string,
): Promise<BlockView> {
  const [id] = await context.store.listBlockDocumentIds(blockTypeId(slug), name);
  if (id === undefined) throw documentNotFound();
  return readBlockDocument(context, id);
}

/**
 * The named documents of a type, sorted by name.
 * @throws DibsError block_type_not_found
 */
export async function listBlockDocuments(context: Context, slug: string): Promise<BlockView[]> {
  const type = await readBlockType(context, blockTypeId(slug));
  const ids = await context.store.listBlockDocumentIds(type.id);
  const found = await Promise.all(ids.map((id) => context.store.readBlockDocument(id)));
  return Promise.all(found.filter((one) => one !== undefined).map((one) => view(context, one)));
}

export interface DocumentChange {
  readonly data?: JsonText;
  readonly blockSchemaId?: string;
  /** false: `data` replaces the former data instead of being merged into it. */
  readonly merge: boolean;
}

/**
 * @throws DibsError block_document_not_found, block_schema_not_found, payload_too_large,
 *   not_supported, too_busy
 */
export async function updateBlockDocument(
  context: Context,
  id: string,
  { data, blockSchemaId, merge }: DocumentChange,
): Promise<void> {
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const { document, schema, type } = await readBlockDocument(context, id);
    if (blockSchemaId) await schemaOf(context, blockSchemaId, type);
    const sent = data && withSecretsOf(document.data, data, schema.fields);
    const changed: BlockDocument = {
      ...document,
      ...(sent ? { data: merge ? overlay(document.data, sent) : sent } : {}),
      ...(blockSchemaId ? { blockSchemaId } : {}),
      generation: document.generation + 1,
      updatedAt: context.now(),
    };
    assertData(changed.data);
    if ((await context.store.updateBlockDocument(changed)) === 'updated') return;
  }
  throw new DibsError('too_busy', 'This block document kept changing during the request.');
}

/** @throws DibsError block_document_not_found */
export async function deleteBlockDocument(context: Context, id: string): Promise<void> {
  const document = await readDocument(context, id);
  const done = await context.store.deleteBlockDocument(document);
  if (done === 'missing') throw documentNotFound();
}

/**
 * Checks that the blocks that a deployment or a run names exist.
 * @throws DibsError block_missing
 */
export async function assertBlocksExist(
  { store }: Context,
  of: {
    [Field in keyof Pick<Deployment, 'storageDocumentId' | 'infrastructureDocumentId'>]?:
      | string
      | null;
  },
): Promise<void> {
  const named = { storage: of.storageDocumentId, infrastructure: of.infrastructureDocumentId };
  for (const [what, id] of Object.entries(named)) {
    if (!id || (await store.readBlockDocument(id))) continue;
    throw new DibsError(
      'block_missing',
      `Could not find ${what} block with id: ${id}. This usually occurs when applying a deployment ` +
        'that was built against a different server.',
    );
  }
}

async function view(context: Context, document: BlockDocument): Promise<BlockView> {
  const type = await readBlockType(context, document.blockTypeId);
  return { document, type, schema: await readBlockSchema(context, document.blockSchemaId) };
}

async function readDocument({ store }: Context, id: string): Promise<BlockDocument> {
  const document = await store.readBlockDocument(id);
  if (!document) throw documentNotFound();
  return document;
}

async function schemaOf(context: Context, id: string, type: BlockType): Promise<BlockSchema> {
  const schema = await readBlockSchema(context, id);
  if (schema.blockTypeId === type.id) return schema;
  throw new DibsError(
    'invalid_request',
    `Block schema ${id} is not one of block type ${type.slug}.`,
  );
}

function assertData(data: JsonText): void {
  assertPayloadSize('data of a block document', data, NUMBERS.recordBytes);
  if (!hasReference(data.parse())) return;
  throw new DibsError('not_supported', 'Blocks that refer to other blocks are not supported yet.', {
    hint: 'Put the data of the other block in its place.',
  });
}

const hasReference = (value: unknown): boolean =>
  value !== null &&
  typeof value === 'object' &&
  (('$ref' in value && Object(value.$ref).block_document_id !== undefined) ||
    Object.values(value).some(hasReference));

const documentNotFound = () =>
  new DibsError('block_document_not_found', 'Block document not found');
