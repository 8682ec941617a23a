import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post, patch, remove } = requestsTo(() => stack);

const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [
  status,
  body.code,
];

async function newType(slug = `type-${randomUUID()}`) {
  return (await post('/block_types/', { name: slug, slug })).body;
}

async function newSchema(type: { id: string; slug: string }, more: object = {}) {
  const fields = { type: 'object', title: type.slug, block_type_slug: type.slug };
  return (await post('/block_schemas/', { block_type_id: type.id, fields, ...more })).body;
}

const newDocument = async (schema: { id: string; block_type_id: string }, more: object = {}) =>
  (
    await post('/block_documents/', {
      name: `document-${randomUUID()}`,
      block_schema_id: schema.id,
      block_type_id: schema.block_type_id,
      ...more,
    })
  ).body;

describe('block types', () => {
  test.each(['Prefect', 'PREFECT-x', 'pReFeCt!', 'prefect'])(
    'a name that begins with "prefect" is reserved: %s',
    async (name) => {
      const { status, body } = await post('/block_types/', { name, slug: `s-${randomUUID()}` });
      expect(status).toBe(403);
      expect(body).toMatchObject({
        code: 'block_type_name_reserved',
        detail: "Block type names beginning with 'Prefect' are reserved.",
      });
    },
  );

  test('its texts are made safe for HTML when it is created, and kept as sent when it is changed', async () => {
    const slug = `type-${randomUUID()}`;
    const texts = { description: '<b>&"', code_example: 'a < b > c' };
    const { body } = await post('/block_types/', { name: slug, slug, ...texts });
    expect(body).toMatchObject({
      description: '&lt;b&gt;&amp;"',
      code_example: 'a &lt; b &gt; c',
    });
    await patch(`/block_types/${body.id}`, texts);
    expect((await get(`/block_types/${body.id}`)).body).toMatchObject(texts);
  });

  test('a type is deleted with its schemas and documents, anonymous ones too', async () => {
    const type = await newType();
    const schema = await newSchema(type);
    const documents = [
      await newDocument(schema),
      await newDocument(schema, { name: null, is_anonymous: true }),
    ];
    expect((await remove(`/block_types/${type.id}`)).status).toBe(204);
    expect(codeOf(await remove(`/block_types/${type.id}`))).toEqual([404, 'block_type_not_found']);
    expect((await get(`/block_schemas/${schema.id}`)).status).toBe(404);
    expect((await get(`/block_schemas/checksum/${schema.checksum}`)).status).toBe(404);
    for (const { id } of documents) {
      expect(codeOf(await get(`/block_documents/${id}`))).toEqual([
        404,
        'block_document_not_found',
      ]);
    }
    // Created again under its slug, the type has none of them.
    await newType(type.slug);
    const of = `/block_types/slug/${type.slug}/block_documents`;
    expect((await get(of)).body).toEqual([]);
    expect((await newSchema(type)).id).not.toBe(schema.id);
  });

  test('the types that Prefect protects are installed once, and cannot be deleted', async () => {
    for (let i = 0; i < 2; i++) {
      const { status, body } = await post('/block_types/install_system_block_types');
      expect([status, body]).toEqual([200, null]);
    }
    for (const slug of ['webhook', 'secret', 'local-file-system']) {
      const { body: type } = await get(`/block_types/slug/${slug}`);
      expect(type).toMatchObject({ slug, is_protected: true });
      const which = { block_schemas: { block_type_id: { any_: [type.id] } } };
      const { body: schemas } = await post('/block_schemas/filter', which);
      expect(schemas).toHaveLength(1);
      expect(codeOf(await remove(`/block_types/${type.id}`))).toEqual([
        403,
        'block_type_protected',
      ]);
      expect(codeOf(await remove(`/block_schemas/${schemas[0].id}`))).toEqual([
        403,
        'block_type_protected',
      ]);
      expect((await get(`/block_schemas/${schemas[0].id}`)).status).toBe(200);
      expect((await patch(`/block_types/${type.id}`, { description: 'd' })).status).toBe(204);
    }
  });
});

describe('filters of block types and schemas', () => {
  test('by name, slug, and what their schemas are', async () => {
    const [a, b] = [await newType(), await newType()];
    const mine = [a.slug, b.slug];
    const one = await newSchema(a, { capabilities: ['run', `fly-${a.slug}`] });
    const two = await newSchema(a, { capabilities: ['run'], version: '2' });
    const other = await newSchema(b, { capabilities: ['run', 'swim'] });
    const slugs = async (body: object) => {
      const { body: found } = await post('/block_types/filter', body);
      return found.map(({ slug }: { slug: string }) => slug);
    };
    const both = [a.slug, b.slug].sort();
    const types = { slug: { any_: mine } };
    expect(await slugs({ block_types: types })).toEqual(both);
    expect(await slugs({ block_types: types, limit: 1, offset: 1 })).toEqual([both[1]]);
    expect(await slugs({ block_types: { name: { like_: a.slug.toUpperCase() } } })).toEqual([
      a.slug,
    ]);
    const having = (block_schemas: object) => slugs({ block_types: types, block_schemas });
    expect(await having({ block_capabilities: { all_: ['run'] } })).toEqual(both);
    expect(await having({ block_capabilities: { all_: ['run', `fly-${a.slug}`] } })).toEqual([
      a.slug,
    ]);
    expect(await having({ block_capabilities: { all_: [`fly-${a.slug}`, 'swim'] } })).toEqual([]);
    expect(await having({ id: { any_: [other.id] } })).toEqual([b.slug]);
    expect(await having({ version: { any_: ['2'] } })).toEqual([a.slug]);

    const ids = async (block_schemas: object, page: object = {}) => {
      const { body: found } = await post('/block_schemas/filter', { block_schemas, ...page });
      return found.map(({ id }: { id: string }) => id);
    };
    const of = { block_type_id: { any_: [a.id, b.id] } };
    expect(await ids(of)).toEqual([other.id, two.id, one.id]);
    expect(await ids(of, { limit: 1, offset: 1 })).toEqual([two.id]);
    expect(await ids({ ...of, version: { any_: ['2'] } })).toEqual([two.id]);
    expect(
      await ids({ operator: 'or_', version: { any_: [] }, id: { any_: [one.id, other.id] } }),
    ).toEqual([other.id, one.id]);
    expect((await get('/block_capabilities/')).body).toEqual(
      expect.arrayContaining(['run', 'swim', `fly-${a.slug}`]),
    );
    for (const at of ['/block_types/filter', '/block_schemas/filter']) {
      expect((await post(at, { block_schemas: { colour: 'red' } })).status).toBe(422);
      expect((await post(at)).status).toBe(200);
    }
  });
});

describe('a block schema', () => {
  test('is deleted with the documents that are stored with it, and with no others', async () => {
    const type = await newType();
    const [old, newer] = [await newSchema(type), await newSchema(type, { version: '2' })];
    const [gone, kept] = [await newDocument(old), await newDocument(newer)];
    expect((await remove(`/block_schemas/${old.id}`)).status).toBe(204);
    expect(codeOf(await remove(`/block_schemas/${old.id}`))).toEqual([
      404,
      'block_schema_not_found',
    ]);
    expect((await get(`/block_schemas/checksum/${old.checksum}`)).body.id).toBe(newer.id);
    expect((await get(`/block_documents/${gone.id}`)).status).toBe(404);
    expect((await get(`/block_documents/${kept.id}`)).status).toBe(200);
    // The name is free again.
    expect((await newDocument(newer, { name: gone.name })).name).toBe(gone.name);
  });

  test('is shown with its references, also if it was registered without any', async () => {
    const { fields } = await newSchema(await newType());
    expect(fields.block_schema_references).toEqual({});
  });
});

describe('anonymous documents', () => {
  test('are found when they are asked for, by filter, count and name', async () => {
    const type = await newType();
    const schema = await newSchema(type);
    const named = await newDocument(schema, { name: 'a-named' });
    const given = await newDocument(schema, { name: 'b-anonymous', is_anonymous: true });
    const unnamed = await newDocument(schema, { name: null, is_anonymous: true });
    const names = async (block_documents: object | null | undefined) => {
      const body = { block_types: { slug: { any_: [type.slug] } }, block_documents };
      const { body: found } = await post('/block_documents/filter', body);
      const { body: count } = await post('/block_documents/count', body);
      expect(count).toBe(found.length);
      return found.map(({ name }: { name: string }) => name);
    };
    const all = [named.name, unnamed.name, given.name];
    expect(await names(undefined)).toEqual(['a-named']);
    expect(await names(null)).toEqual(['a-named']);
    expect(await names({})).toEqual(['a-named']);
    expect(await names({ id: { any_: [given.id] } })).toEqual([]);
    expect(await names({ is_anonymous: { eq_: true } })).toEqual([unnamed.name, 'b-anonymous']);
    expect((await names({ is_anonymous: { eq_: null } })).sort()).toEqual(all.sort());
    expect((await names({ is_anonymous: null })).sort()).toEqual(all);
    expect(await names({ operator: 'or_', id: { any_: [given.id] } })).toEqual([
      'a-named',
      'b-anonymous',
    ]);
    const byName = `/block_types/slug/${type.slug}/block_documents/name`;
    expect((await get(`${byName}/b-anonymous`)).body.id).toBe(given.id);
    const again = await post('/block_documents/', {
      name: 'b-anonymous',
      is_anonymous: true,
      block_schema_id: schema.id,
      block_type_id: type.id,
    });
    expect(codeOf(again)).toEqual([409, 'block_document_exists']);
    expect((await remove(`/block_documents/${given.id}`)).status).toBe(204);
    expect((await get(`${byName}/b-anonymous`)).status).toBe(404);
  });
});
