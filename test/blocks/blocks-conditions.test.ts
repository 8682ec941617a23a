import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlockDocument, BlockType } from '../../model/blocks.ts';
import type { Store } from '../../model/store.ts';
import { EMPTY_OBJECT } from '../../model/values/json-text.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Each condition of the writes of block types and documents, by itself: the write that it stops. */
let stack: TestStack;
let store: Store;
beforeAll(async () => {
  stack = await startTestStack();
  store = stack.context.store;
});
afterAll(() => stack.stop());

const now = () => stack.context.now();

const blockType = (): BlockType => ({
  id: randomUUID(),
  slug: `type-${randomUUID()}`,
  name: 'a type',
  logoUrl: null,
  documentationUrl: null,
  description: null,
  codeExample: null,
  createdAt: now(),
  updatedAt: now(),
});

const blockDocument = (): BlockDocument => ({
  id: randomUUID(),
  name: `document-${randomUUID()}`,
  blockTypeId: randomUUID(),
  blockSchemaId: randomUUID(),
  isAnonymous: false,
  data: EMPTY_OBJECT,
  generation: 1,
  createdAt: now(),
  updatedAt: now(),
});

test('itExists: what is not there is not made by a change of it', async () => {
  const type = blockType();
  expect(await store.updateBlockType(type)).toBe('missing');
  expect(await store.readBlockType(type.id)).toBeUndefined();
});

test('itExists: what two delete at once is deleted by one of them', async () => {
  const document = blockDocument();
  await store.createBlockDocument(document);
  const twice = () => store.deleteBlockDocument(document);
  expect((await Promise.all([twice(), twice()])).sort()).toEqual(['deleted', 'missing']);
});

test('itExists: a type and a schema that two delete at once are deleted by one of them', async () => {
  const type = blockType();
  await store.createBlockType(type);
  const typeTwice = () => store.deleteBlockType(type.id);
  expect((await Promise.all([typeTwice(), typeTwice()])).sort()).toEqual(['deleted', 'missing']);
  const wish = {
    id: randomUUID(),
    blockTypeId: type.id,
    version: '1',
    fields: EMPTY_OBJECT,
    capabilities: [],
    createdAt: now(),
  };
  const { schema } = await store.createBlockSchema(wish, randomUUID());
  const schemaTwice = () => store.deleteBlockSchema(schema);
  expect((await Promise.all([schemaTwice(), schemaTwice()])).sort()).toEqual([
    'deleted',
    'missing',
  ]);
});

test('a document that has no claim to its name is deleted without the claim of another', async () => {
  const [mine, other] = [blockDocument(), blockDocument()];
  const named = { ...mine, blockTypeId: other.blockTypeId };
  await store.createBlockDocument(other);
  await store.createBlockDocument(named);
  // Earlier versions stored anonymous documents without such a claim.
  expect(await store.deleteBlockDocument({ ...named, name: other.name })).toBe('deleted');
  expect(await store.findBlockDocument(other.blockTypeId, other.name)).toBe(other.id);
});

test('itIsNew: of two blocks of one name the second is none', async () => {
  const type = blockType();
  expect(await store.createBlockType(type)).toBe('created');
  expect(await store.createBlockType({ ...type, name: 'another' })).toBe('exists');
  expect(await store.readBlockType(type.id)).toEqual(type);
  const document = blockDocument();
  expect(await store.createBlockDocument(document)).toBe('created');
  const second = { ...document, id: randomUUID() };
  expect(await store.createBlockDocument(second)).toBe('exists');
  expect(await store.readBlockDocument(second.id)).toBeUndefined();
});

test('itIsOfTheGenerationBefore: of two overwrites at once one is decided again', async () => {
  const document = blockDocument();
  await store.createBlockDocument(document);
  const changed = { ...document, generation: 2 };
  expect(await store.updateBlockDocument(changed)).toBe('updated');
  expect(await store.updateBlockDocument(changed)).toBe('outrun');
});
