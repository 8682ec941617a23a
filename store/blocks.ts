import { createHash } from 'node:crypto';
import type {
  BlockDocument,
  BlockSchema,
  BlockStore,
  BlockType,
  NamedBlock,
} from '../model/blocks.ts';
import { JsonText } from '../model/values/json-text.ts';
import { itExists, itIsNew, itIsOfTheGenerationBefore } from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { get, queryPrefix } from './dynamo/read.ts';
import { transact } from './dynamo/transact.ts';
import type { Item } from './table/item.ts';
import {
  BLOCK_DOCUMENT_NAMES,
  BLOCK_SCHEMAS,
  BLOCK_TYPES,
  blockDocumentKey,
  blockDocumentNameKey,
  blockSchemaKey,
  blockSchemaPlaceKey,
  blockTypeKey,
  resultStorageKey,
} from './table/keys.ts';

/**
 * A put of a single item as a transaction: when the SDK retries it after a lost response, DynamoDB
 * recognizes the same transaction.
 */
const putOnce = async (
  db: Dynamo,
  item: Item,
  condition: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<boolean> => {
  const given = Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {};
  const done = await transact(db, [
    { Put: { Item: item, ConditionExpression: condition, ...given } },
  ]);
  return done.won;
};

async function createBlockType(db: Dynamo, type: BlockType): Promise<'created' | 'exists'> {
  const created = await putOnce(db, { ...type, ...blockTypeKey(type.id) }, itIsNew);
  return created ? 'created' : 'exists';
}

async function readBlockType(db: Dynamo, id: string): Promise<BlockType | undefined> {
  const item = await get(db, blockTypeKey(id));
  return item && withoutKeys<BlockType>(item);
}

async function updateBlockType(db: Dynamo, type: BlockType): Promise<'updated' | 'missing'> {
  const updated = await putOnce(db, { ...type, ...blockTypeKey(type.id) }, itExists);
  return updated ? 'updated' : 'missing';
}

async function deleteBlockType(db: Dynamo, id: string): Promise<'deleted' | 'missing'> {
  const done = await transact(db, [
    { Delete: { Key: blockTypeKey(id), ConditionExpression: itExists } },
  ]);
  return done.won ? 'deleted' : 'missing';
}

async function listBlockTypes(db: Dynamo): Promise<BlockType[]> {
  const items = await queryPrefix(db, blockTypeKey('').pk, BLOCK_TYPES);
  return items.map((item) => withoutKeys<BlockType>(item));
}

async function createBlockSchema(
  db: Dynamo,
  schema: Omit<BlockSchema, 'checksum'>,
  canonical: string,
): Promise<{ schema: BlockSchema; created: boolean }> {
  const checksum = `sha256:${createHash('sha256').update(canonical).digest('hex')}`;
  const made: BlockSchema = { ...schema, checksum };
  const { id, version } = made;
  const done = await transact(db, [
    {
      Put: {
        Item: { ...made, fields: made.fields.text, ...blockSchemaKey(checksum, version) },
        ConditionExpression: itIsNew,
      },
    },
    { Put: { Item: { ...blockSchemaPlaceKey(id), checksum, version } } },
  ]);
  if (done.won || !done.item) return { schema: made, created: true };
  const found = fromSchemaItem(done.item);
  return { schema: found, created: found.id === id };
}

async function readBlockSchema(db: Dynamo, id: string): Promise<BlockSchema | undefined> {
  const place = await get(db, blockSchemaPlaceKey(id));
  if (!place) return undefined;
  const item = await get(
    db,
    blockSchemaKey(place['checksum'] as string, place['version'] as string),
  );
  return item && fromSchemaItem(item);
}

async function listBlockSchemas(db: Dynamo, checksum?: string): Promise<BlockSchema[]> {
  const prefix = checksum === undefined ? BLOCK_SCHEMAS : blockSchemaKey(checksum, '').sk;
  const items = await queryPrefix(db, blockSchemaKey('', '').pk, prefix);
  return items.map(fromSchemaItem);
}

async function deleteBlockSchema(
  db: Dynamo,
  { id, checksum, version }: BlockSchema,
): Promise<'deleted' | 'missing'> {
  const done = await transact(db, [
    { Delete: { Key: blockSchemaPlaceKey(id), ConditionExpression: itExists } },
    { Delete: { Key: blockSchemaKey(checksum, version) } },
  ]);
  return done.won ? 'deleted' : 'missing';
}

async function createBlockDocument(
  db: Dynamo,
  document: BlockDocument,
): Promise<'created' | 'exists'> {
  const { id, name, blockTypeId, isAnonymous } = document;
  const named = { ...blockDocumentNameKey(blockTypeId, name), id, isAnonymous };
  const done = await transact(db, [
    { Put: { Item: named, ConditionExpression: itIsNew } },
    { Put: { Item: toDocumentItem(document) } },
  ]);
  const mine = !done.won && done.item?.['id'] === id;
  return done.won || mine ? 'created' : 'exists';
}

async function readBlockDocument(db: Dynamo, id: string): Promise<BlockDocument | undefined> {
  const item = await get(db, blockDocumentKey(id));
  return (
    item && { ...withoutKeys<BlockDocument>(item), data: new JsonText(item['data'] as string) }
  );
}

async function findBlockDocument(
  db: Dynamo,
  blockTypeId: string,
  name: string,
): Promise<string | undefined> {
  const item = await get(db, blockDocumentNameKey(blockTypeId, name));
  return item?.['id'] as string | undefined;
}

async function listBlockDocuments(db: Dynamo, blockTypeId: string): Promise<NamedBlock[]> {
  const { pk } = blockDocumentNameKey(blockTypeId, '');
  const items = await queryPrefix(db, pk, BLOCK_DOCUMENT_NAMES);
  // Earlier versions listed named documents only, without saying so.
  return items.map(({ id, isAnonymous = false }) => ({ id, isAnonymous }) as NamedBlock);
}

async function updateBlockDocument(
  db: Dynamo,
  document: BlockDocument,
): Promise<'updated' | 'outrun'> {
  const before = { ':before': document.generation - 1 };
  const item = toDocumentItem(document);
  return (await putOnce(db, item, itIsOfTheGenerationBefore, before)) ? 'updated' : 'outrun';
}

async function deleteBlockDocument(
  db: Dynamo,
  { id, name, blockTypeId }: BlockDocument,
): Promise<'deleted' | 'missing'> {
  // An anonymous document of an earlier version has no claim to its name; another one may have it.
  const isListed = (await findBlockDocument(db, blockTypeId, name)) === id;
  const done = await transact(db, [
    { Delete: { Key: blockDocumentKey(id), ConditionExpression: itExists } },
    ...(isListed ? [{ Delete: { Key: blockDocumentNameKey(blockTypeId, name) } }] : []),
  ]);
  return done.won ? 'deleted' : 'missing';
}

async function readResultStorage(db: Dynamo): Promise<string | null> {
  const item = await get(db, resultStorageKey);
  return (item?.['blockId'] as string | undefined) ?? null;
}

async function writeResultStorage(db: Dynamo, id: string | null): Promise<void> {
  await transact(db, [{ Put: { Item: { ...resultStorageKey, blockId: id } } }]);
}

const toDocumentItem = (document: BlockDocument): Item => ({
  ...document,
  ...blockDocumentKey(document.id),
  data: document.data.text,
});

const fromSchemaItem = (item: Item): BlockSchema => ({
  ...withoutKeys<BlockSchema>(item),
  fields: new JsonText(item['fields'] as string),
});

function withoutKeys<Record>({ pk, sk, ...item }: Item): Record {
  return item as Record;
}

export const blockStore = (db: Dynamo): BlockStore =>
  bound(db, {
    createBlockType,
    readBlockType,
    updateBlockType,
    deleteBlockType,
    listBlockTypes,
    createBlockSchema,
    readBlockSchema,
    listBlockSchemas,
    deleteBlockSchema,
    createBlockDocument,
    readBlockDocument,
    findBlockDocument,
    listBlockDocuments,
    updateBlockDocument,
    deleteBlockDocument,
    readResultStorage,
    writeResultStorage,
  });
