import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post, patch, remove } = requestsTo(() => stack);

interface Kind {
  readonly block_type_id: string;
  readonly block_schema_id: string;
}

async function kind(secret_fields: readonly string[]): Promise<Kind> {
  const slug = `type-${randomUUID()}`;
  const { body: type } = await post('/block_types/', { name: slug, slug });
  const fields = { type: 'object', title: slug, block_type_slug: slug, secret_fields };
  const { body: schema } = await post('/block_schemas/', { block_type_id: type.id, fields });
  return { block_type_id: type.id, block_schema_id: schema.id };
}

const create = (of: Kind, data: object) =>
  post('/block_documents/', { ...of, name: `document-${randomUUID()}`, data });
const created = async (of: Kind, data: object): Promise<string> => {
  const { status, body } = await create(of, data);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};
const refTo = (id: string) => ({ $ref: { block_document_id: id } });
const shown = async (id: string) => (await get(`/block_documents/${id}`)).body;
const secrets = async (id: string) =>
  (await get(`/block_documents/${id}?include_secrets=true`)).body.data;
const change = (id: string, data: object, more: object = {}) =>
  patch(`/block_documents/${id}`, { data, ...more });

/** Three blocks, each within the next one. Only the innermost schema names its secret. */
async function three() {
  const [inner, middle, outer] = [await kind(['s']), await kind([]), await kind(['a'])];
  const z = await created(inner, { s: 'zs', open: 1 });
  const y = await created(middle, { z: refTo(z), open: 2 });
  const x = await created(outer, { a: 'xa', y: refTo(y) });
  return { inner, middle, outer, x, y, z };
}

const X_SHOWN = { a: '********', y: { z: { s: '********', open: 1 }, open: 2 } };
const X_WHOLE = { a: 'xa', y: { z: { s: 'zs', open: 1 }, open: 2 } };

describe('a block within a block', () => {
  test('is shown in its place, with its secrets hidden at every depth', async () => {
    const { outer, x, y, z } = await three();
    const { data, block_document_references: references } = await shown(x);
    expect(data).toEqual(X_SHOWN);
    expect(await secrets(x)).toEqual(X_WHOLE);
    const within = references.y.block_document;
    expect(within).toMatchObject({ id: y, is_anonymous: false });
    expect(within.block_document_references.z.block_document).toMatchObject({ id: z });
    const which = { block_documents: { id: { any_: [x] } } };
    const listed = await post('/block_documents/filter', which);
    expect(listed.body[0].data).toEqual(X_SHOWN);
    const whole = await post('/block_documents/filter', { ...which, include_secrets: true });
    expect(whole.body[0].data).toEqual(X_WHOLE);
    const made = await create(outer, { y: refTo(y) });
    expect(made.body.data).toEqual({ y: X_SHOWN.y });
  });

  test('has hidden what the schema of a block around it names', async () => {
    const [inner, outer] = [await kind([]), await kind(['y.*'])];
    const y = await created(inner, { open: 'o' });
    const x = await created(outer, { y: refTo(y) });
    expect((await shown(y)).data).toEqual({ open: 'o' });
    expect((await shown(x)).data).toEqual({ y: { open: '********' } });
  });

  test('changes with it, is replaced by another or by data, and is gone when it is deleted', async () => {
    const { inner, x, y, z } = await three();
    await change(z, { s: 'new' });
    expect((await secrets(x)).y.z.s).toBe('new');
    const other = await created(inner, { s: 'other' });
    await change(y, { z: refTo(other) });
    expect((await secrets(x)).y).toEqual({ z: { s: 'other' }, open: 2 });
    await change(y, { open: 3 });
    expect((await secrets(x)).y).toEqual({ z: { s: 'other' }, open: 3 });
    await change(y, { z: { s: 'inline' } });
    expect((await secrets(x)).y).toEqual({ z: { s: 'inline' }, open: 3 });
    await change(y, { z: refTo(other) }, { merge_existing_data: false });
    expect((await secrets(x)).y).toEqual({ z: { s: 'other' } });
    expect((await remove(`/block_documents/${other}`)).status).toBe(204);
    expect((await secrets(x)).y).toEqual({});
    expect((await shown(y)).block_document_references).toEqual({});
    await change(y, { open: 4 });
    expect((await secrets(x)).y).toEqual({ open: 4 });
  });

  test('keeps its secrets when what was shown is sent back, changed or not', async () => {
    const { x, z } = await three();
    expect((await change(x, X_SHOWN)).status).toBe(204);
    expect(await secrets(x)).toEqual(X_WHOLE);
    await change(z, { s: 'still within' });
    expect((await secrets(x)).y.z.s).toBe('still within');
  });

  test('keeps the secrets that the outer schema names when the rest of it is changed in place', async () => {
    const [inner, outer] = [await kind(['s']), await kind(['y.s'])];
    const y = await created(inner, { s: 'ys', open: 1 });
    const x = await created(outer, { y: refTo(y) });
    await change(x, { y: { s: '********', open: 2 } });
    expect(await secrets(x)).toEqual({ y: { s: 'ys', open: 2 } });
    expect(await secrets(y)).toEqual({ s: 'ys', open: 1 });
  });

  test('below the top, and in lists, a reference is data like any other', async () => {
    const { outer, z } = await three();
    const data = { list: [refTo(z)], deep: { er: refTo(z) }, schema: { $ref: '#/definitions/X' } };
    const id = await created(outer, data);
    expect(await shown(id)).toMatchObject({ data, block_document_references: {} });
  });
});

describe('a wrong reference', () => {
  test('is refused when a document is created or changed, and named', async () => {
    const { outer, x, y, z } = await three();
    const none = randomUUID();
    const wrong: [object, number, string, RegExp][] = [
      [{ $ref: {} }, 400, 'block_reference_invalid', /without a block_document_id in key y/],
      [{ $ref: { block_document_id: 'abc' } }, 400, 'block_reference_invalid', /key y/],
      [{ $ref: { block_document_id: [z] } }, 400, 'block_reference_invalid', /key y/],
      [refTo(none), 409, 'block_missing', new RegExp(`${none}.* y `)],
    ];
    for (const [y, status, code, detail] of wrong) {
      for (const answer of [await create(outer, { y }), await change(x, { y })]) {
        expect([answer.status, answer.body.code]).toEqual([status, code]);
        expect(answer.body.detail).toMatch(detail);
      }
    }
    for (const [from, to] of [
      [x, x],
      [z, x],
      [y, x],
    ] as const) {
      const { status, body } = await change(from, { back: refTo(to) });
      expect([status, body.code]).toEqual([400, 'block_reference_invalid']);
      expect(body.detail).toMatch(/would introduce a cycle/);
    }
    expect(await secrets(x)).toEqual(X_WHOLE);
  });

  test('two changes at once that close a circle leave documents that can be read', async () => {
    const of = await kind([]);
    const [a, b] = [await created(of, { n: 'a' }), await created(of, { n: 'b' })];
    const { store } = stack.context;
    for (const [id, other] of [
      [a, b],
      [b, a],
    ] as const) {
      // As if neither change had seen the other one.
      const document = await store.readBlockDocument(id);
      if (!document) throw new Error('it was created above');
      const data = JsonText.of({ n: id, other: refTo(other) });
      await store.updateBlockDocument({ ...document, data, generation: 2 });
    }
    expect((await shown(a)).data).toEqual({ n: a, other: { n: b, other: refTo(a) } });
  });

  test('a document that would show too many others is refused; one that came to it is cut', async () => {
    const of = await kind([]);
    let id = await created(of, { end: true });
    const chain = [id];
    for (let i = 0; i < NUMBERS.blocksDeep; i++) {
      id = await created(of, { y: refTo(id) });
      chain.push(id);
    }
    const deeper = await create(of, { y: refTo(id) });
    expect([deeper.status, deeper.body.code]).toEqual([400, 'block_reference_invalid']);
    // Each of these shows the one before it twice: the 20th would show the first a million times.
    const pairs = [await created(of, { end: true })];
    for (let i = 0; i < 5; i++) {
      const next = refTo(pairs.at(-1) as string);
      pairs.push(await created(of, { l: next, r: next }));
    }
    const next = refTo(pairs.at(-1) as string);
    const wide = await create(of, { l: next, r: next });
    expect([wide.status, wide.body.code]).toEqual([400, 'block_reference_invalid']);
    const end = pairs[0] as string;
    const more = await created(of, { y: refTo(await created(of, { end: true })) });
    expect((await change(end, { more: refTo(more) })).status).toBe(204);
    const cut = JSON.stringify((await shown(pairs.at(-1) as string)).data);
    expect(cut).toContain('block_document_id');
    const { status } = await post('/block_documents/filter', {});
    expect(status).toBe(200);
  });
});

describe('schemas within a schema', () => {
  const fieldsOf = (slug: string, more: object = {}) => ({
    type: 'object',
    title: slug,
    block_type_slug: slug,
    ...more,
  });
  const newType = async () => {
    const slug = `type-${randomUUID()}`;
    return (await post('/block_types/', { name: slug, slug })).body;
  };
  const reference = (slug: string, checksum = 'sha256:unknown') => ({
    block_type_slug: slug,
    block_schema_checksum: checksum,
  });
  const register = (type: { id: string }, fields: object) =>
    post('/block_schemas/', { block_type_id: type.id, fields, version: '7' });
  const schemasOf = async ({ id }: { id: string }) =>
    (await post('/block_schemas/filter', { block_schemas: { block_type_id: { any_: [id] } } }))
      .body;

  test('are registered with it, the innermost too, and of a union each one', async () => {
    const [p, q, r, s] = [await newType(), await newType(), await newType(), await newType()];
    const definitions = {
      Q: fieldsOf(q.slug, {
        properties: { r: { $ref: '#/definitions/R' } },
        block_schema_references: { r: reference(r.slug) },
      }),
      R: fieldsOf(r.slug, { secret_fields: ['s'] }),
      S: fieldsOf(s.slug),
    };
    const fields = fieldsOf(p.slug, {
      properties: { q: { anyOf: [{ $ref: '#/definitions/S' }, { $ref: '#/definitions/Q' }] } },
      block_schema_references: { q: [reference(q.slug), reference(s.slug)] },
      definitions,
    });
    const { status, body } = await register(p, fields);
    expect([status, body.fields]).toEqual([201, fields]);
    for (const [type, name] of [
      [q, 'Q'],
      [r, 'R'],
      [s, 'S'],
    ] as const) {
      const schemas = await schemasOf(type);
      expect(schemas).toHaveLength(1);
      expect(schemas[0]).toMatchObject({
        version: 'non-versioned',
        fields: definitions[name],
      });
    }
    expect((await schemasOf(r))[0].fields.definitions).toBeUndefined();
    expect((await register(p, fields)).status).toBe(200);
  });

  test('what is wrong with them is said', async () => {
    const [p, q] = [await newType(), await newType()];
    const wrong: [object, number, string, string][] = [
      [{ block_schema_references: { q: reference('none') } }, 409, 'block_missing', "'none'"],
      [{ block_schema_references: { q: reference(q.slug) } }, 422, 'invalid_request', q.slug],
      [
        {
          block_schema_references: { q: { block_type_slug: q.slug } },
          properties: { q: { $ref: '#/definitions/Q' } },
          definitions: { Q: fieldsOf(q.slug) },
        },
        422,
        'invalid_request',
        'block_schema_checksum',
      ],
      [{ block_schema_references: { q: 3 } }, 422, 'invalid_request', 'block_type_slug'],
      [{ block_schema_references: 'q' }, 422, 'invalid_request', 'block_type_slug'],
      [
        {
          block_schema_references: Object.fromEntries(
            Array.from({ length: NUMBERS.blocksWithin + 1 }, (_, i) => [
              `f${i}`,
              reference(q.slug),
            ]),
          ),
          properties: Object.fromEntries(
            Array.from({ length: NUMBERS.blocksWithin + 1 }, (_, i) => [
              `f${i}`,
              { $ref: '#/definitions/Q' },
            ]),
          ),
          definitions: { Q: fieldsOf(q.slug) },
        },
        422,
        'invalid_request',
        `${NUMBERS.blocksWithin}`,
      ],
    ];
    for (const [more, status, code, part] of wrong) {
      const answer = await register(p, fieldsOf(p.slug, more));
      expect([answer.status, answer.body.code], JSON.stringify(more).slice(0, 100)).toEqual([
        status,
        code,
      ]);
      expect(JSON.stringify(answer.body)).toContain(part);
    }
    expect(await schemasOf(p)).toEqual([]);
  });
});
