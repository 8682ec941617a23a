import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post, patch, remove } = requestsTo(() => stack);

/** As Prefect's clients register what they use: the type, its schema, and a document of it. */
async function registered(fields: object = { secret_fields: ['password'], type: 'object' }) {
  const slug = `type-${randomUUID()}`;
  const type = (await post('/block_types/', { name: slug, slug, description: 'x' })).body;
  const schema = (
    await post('/block_schemas/', {
      block_type_id: type.id,
      fields: { ...fields, block_type_slug: slug },
      capabilities: ['run-infrastructure'],
      version: '2.20.26',
    })
  ).body;
  return { slug, type, schema, of: { block_type_id: type.id, block_schema_id: schema.id } };
}

const DATA = { user: 'u', password: 'p', nested: { a: 1 } };
const SHOWN = { ...DATA, password: '********' };

describe('a block type', () => {
  test('is found by its slug and its id, and changed', async () => {
    const { slug, type } = await registered();
    expect(type).toMatchObject({ slug, name: slug, description: 'x', logo_url: null });
    expect(await get(`/block_types/slug/${slug}`)).toEqual({ status: 200, body: type });
    const change = { logo_url: 'https://example.org/x.png', description: null };
    expect((await patch(`/block_types/${type.id}`, change)).status).toBe(204);
    expect((await get(`/block_types/${type.id}`)).body).toMatchObject({ ...change, slug });
    const { body } = await post('/block_types/filter', {});
    expect(body.map((one: { slug: string }) => one.slug)).toContain(slug);
  });

  test('is there once, and must be there: 409, 404', async () => {
    const { slug } = await registered();
    const again = await post('/block_types/', { name: 'other', slug });
    expect([again.status, again.body.code]).toEqual([409, 'block_type_exists']);
    const answers = await Promise.all([
      get('/block_types/slug/none'),
      get(`/block_types/${randomUUID()}`),
      patch(`/block_types/${randomUUID()}`, {}),
      get('/block_types/slug/none/block_documents'),
      post('/block_schemas/', { block_type_id: randomUUID() }),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([404, 'block_type_not_found']);
    }
    expect((await post('/block_types/', { name: 'x', slug: 'Not A Slug' })).status).toBe(422);
  });
});

describe('a block schema', () => {
  test('is registered once per checksum and version, and found by both', async () => {
    const { type, schema } = await registered();
    // As it was sent: what is shown has block_schema_references, too.
    const { block_schema_references: _, ...fields } = schema.fields;
    const body = { block_type_id: type.id, fields, version: schema.version };
    expect(await post('/block_schemas/', body)).toEqual({ status: 200, body: schema });
    const newer = await post('/block_schemas/', { ...body, version: '3' });
    expect(newer.status).toBe(201);
    const at = `/block_schemas/checksum/${schema.checksum}`;
    expect((await get(`${at}?version=2.20.26`)).body).toEqual(schema);
    expect((await get(at)).body).toEqual(newer.body);
    expect((await get(`/block_schemas/${schema.id}`)).body).toEqual(schema);
    expect(schema).toMatchObject({
      checksum: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      block_type: type,
      capabilities: ['run-infrastructure'],
    });
  });

  test('that is not there: 404', async () => {
    const { schema } = await registered();
    const answers = await Promise.all([
      get(`/block_schemas/${randomUUID()}`),
      get('/block_schemas/checksum/sha256:0'),
      get(`/block_schemas/checksum/${schema.checksum}?version=9`),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([404, 'block_schema_not_found']);
    }
  });
});

describe('a block document', () => {
  test('comes back with its type and schema; its secrets only if they are asked for', async () => {
    const { of, type, schema, slug } = await registered();
    const { status, body } = await post('/block_documents/', { name: 'mine', data: DATA, ...of });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'mine',
      data: SHOWN,
      ...of,
      block_type: type,
      block_schema: schema,
      block_type_name: slug,
      block_document_references: {},
      is_anonymous: false,
    });
    const byId = `/block_documents/${body.id}`;
    const byName = `/block_types/slug/${slug}/block_documents/name/mine`;
    for (const at of [byId, byName]) {
      expect((await get(at)).body.data).toEqual(SHOWN);
      expect((await get(`${at}?include_secrets=false`)).body.data).toEqual(SHOWN);
      expect((await get(`${at}?include_secrets=true`)).body.data).toEqual(DATA);
    }
    const all = `/block_types/slug/${slug}/block_documents`;
    expect((await get(all)).body.map((one: typeof body) => one.data)).toEqual([SHOWN]);
    expect((await get(`${all}?include_secrets=true`)).body[0].data).toEqual(DATA);
  });

  test('is anonymous under a name of its own, any number of times', async () => {
    const { of } = await registered();
    const sent = `{"data":{"n":12345678901234567890},"is_anonymous":true,"name":null,"block_type_id":"${of.block_type_id}","block_schema_id":"${of.block_schema_id}"}`;
    const [one, two] = await Promise.all([0, 1].map(() => post('/block_documents/', sent)));
    expect([one?.status, two?.status]).toEqual([201, 201]);
    expect(one?.body.name).toMatch(/^anonymous-/);
    expect(one?.body.name).not.toBe(two?.body.name);
    const text = (await exchange(stack, 'GET', `/block_documents/${one?.body.id}`)).text;
    expect(text).toContain('"data":{"n":12345678901234567890}');
  });

  test('is changed in part or as a whole, and asterisks sent back change no secret', async () => {
    const { of } = await registered();
    const { body } = await post('/block_documents/', { name: 'mine', data: DATA, ...of });
    const at = `/block_documents/${body.id}`;
    const data = async () => (await get(`${at}?include_secrets=true`)).body.data;
    expect((await patch(at, { data: { user: 'v', password: '********' } })).status).toBe(204);
    expect(await data()).toEqual({ ...DATA, user: 'v' });
    const whole = { data: { password: 'q' }, merge_existing_data: false };
    expect((await patch(at, whole)).status).toBe(204);
    expect(await data()).toEqual({ password: 'q' });
  });

  test('is deleted, and its name is free again', async () => {
    const { of, slug } = await registered();
    const { body } = await post('/block_documents/', { name: 'mine', ...of });
    const at = `/block_documents/${body.id}`;
    expect((await remove(at)).status).toBe(204);
    for (const gone of [
      await get(at),
      await patch(at, {}),
      await remove(at),
      await get(`/block_types/slug/${slug}/block_documents/name/mine`),
    ]) {
      expect([gone.status, gone.body.code]).toEqual([404, 'block_document_not_found']);
    }
    expect((await post('/block_documents/', { name: 'mine', ...of })).status).toBe(201);
  });

  test('what is wrong with it is said', async () => {
    const { of } = await registered();
    const other = await registered({ other: 1 });
    await post('/block_documents/', { name: 'taken', ...of });
    const wrong: [object, number, string][] = [
      [{ name: 'taken' }, 409, 'block_document_exists'],
      [{}, 422, 'invalid_request'],
      [{ name: 'Not A Name' }, 422, 'invalid_request'],
      [{ name: 'x', block_type_id: randomUUID() }, 404, 'block_type_not_found'],
      [{ name: 'x', block_schema_id: randomUUID() }, 404, 'block_schema_not_found'],
      [{ name: 'x', block_schema_id: other.schema.id }, 422, 'invalid_request'],
      [{ name: 'x', data: { a: 'x'.repeat(310_000) } }, 422, 'payload_too_large'],
      [
        { name: 'x', data: { a: { $ref: { block_document_id: randomUUID() } } } },
        409,
        'block_missing',
      ],
    ];
    for (const [more, status, code] of wrong) {
      const answer = await post('/block_documents/', { ...of, ...more });
      expect([answer.status, answer.body.code], JSON.stringify(more).slice(0, 80)).toEqual([
        status,
        code,
      ]);
    }
  });
});

test('a deployment names the block that its runs are executed by, and a run may name another', async () => {
  const { of } = await registered();
  const [block, other] = await Promise.all(
    [0, 1].map(
      async () => (await post('/block_documents/', { is_anonymous: true, ...of })).body.id,
    ),
  );
  const flow = (await post('/flows/', { name: `flow-${randomUUID()}` })).body;
  const deployment = await post('/deployments/', {
    name: 'd',
    flow_id: flow.id,
    infrastructure_document_id: block,
    storage_document_id: other,
  });
  expect(deployment.body).toMatchObject({
    infrastructure_document_id: block,
    storage_document_id: other,
  });
  const at = `/deployments/${deployment.body.id}/create_flow_run`;
  expect((await post(at, {})).body.infrastructure_document_id).toBe(block);
  const run = (await post(at, { infrastructure_document_id: other })).body;
  expect((await get(`/flow_runs/${run.id}`)).body.infrastructure_document_id).toBe(other);
  const missing = await post(at, { infrastructure_document_id: randomUUID() });
  expect([missing.status, missing.body.code]).toEqual([409, 'block_missing']);
});

test('a deployment that names a block that does not exist is refused in the words that Prefect uses', async () => {
  const flow = (await post('/flows/', { name: `flow-${randomUUID()}` })).body;
  const none = randomUUID();
  for (const what of ['infrastructure', 'storage']) {
    const block = { [`${what}_document_id`]: none };
    const made = await post('/deployments/', { name: 'd', flow_id: flow.id, ...block });
    expect([made.status, made.body.code]).toEqual([409, 'block_missing']);
    const missing = `Could not find ${what} block with id: ${none}.`;
    expect(made.body.detail).toContain(`Error creating deployment. ${missing}`);
    const { body } = await post('/deployments/', { name: `of-${what}`, flow_id: flow.id });
    const changed = await patch(`/deployments/${body.id}`, block);
    expect([changed.status, changed.body.code]).toEqual([409, 'block_missing']);
    expect(changed.body.detail).toMatch(new RegExp(`^${missing}`));
  }
});

test('a document changes to another schema of its own type only', async () => {
  const { of, type } = await registered();
  const other = await registered({ other: 1 });
  const newer = { block_type_id: type.id, fields: { newer: true } };
  const { body: schema } = await post('/block_schemas/', newer);
  const { body } = await post('/block_documents/', { name: 'mine', data: DATA, ...of });
  const at = `/block_documents/${body.id}`;
  for (const more of [{}, { data: { user: 'v' } }]) {
    const wrong = await patch(at, { block_schema_id: other.schema.id, ...more });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'block_schema_of_other_type']);
    expect(wrong.body.detail).toBe(
      'Must migrate block document to a block schema of the same block type.',
    );
  }
  expect((await get(at)).body.block_schema_id).toBe(of.block_schema_id);
  expect((await patch(at, { block_schema_id: schema.id })).status).toBe(204);
  expect((await get(at)).body).toMatchObject({ block_schema_id: schema.id, data: DATA });
});
