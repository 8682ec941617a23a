import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exchange, requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post, put, remove } = requestsTo(() => stack);

async function block(capabilities: readonly string[]) {
  const slug = `type-${randomUUID()}`;
  const { body: type } = await post('/block_types/', { name: slug, slug });
  const fields = { title: slug };
  const of = { block_type_id: type.id, fields, capabilities };
  const { body: schema } = await post('/block_schemas/', of);
  const { body: document } = await post('/block_documents/', {
    name: 'mine',
    block_schema_id: schema.id,
    block_type_id: type.id,
  });
  return { type, schema, document };
}

const set = (id: unknown) => put('/admin/storage', { default_result_storage_block_id: id });
const current = async () => (await get('/admin/storage')).body.default_result_storage_block_id;

test('the block that results are kept in by default is set, shown and cleared', async () => {
  const { document } = await block(['write-path', 'read-path']);
  expect(await current()).toBeNull();
  const reply = { default_result_storage_block_id: document.id };
  expect(await set(document.id)).toEqual({ status: 200, body: reply });
  expect(await current()).toBe(document.id);
  for (let i = 0; i < 2; i++) expect((await remove('/admin/storage')).status).toBe(204);
  expect(await current()).toBeNull();
});

test('it must exist, and be able to keep results; a wrong one changes nothing', async () => {
  const { document } = await block(['write-path']);
  await set(document.id);
  const none = randomUUID();
  const { document: reading } = await block(['read-path']);
  const missing = await set(none);
  expect([missing.status, missing.body.code]).toEqual([404, 'block_document_not_found']);
  expect(missing.body.detail).toBe(`Block document ${none} not found.`);
  const unable = await set(reading.id);
  expect([unable.status, unable.body.code]).toEqual([422, 'block_not_writable']);
  expect(unable.body.detail).toBe(
    `Block document ${reading.id} cannot be used for result storage.`,
  );
  for (const id of [undefined, null, 'x']) expect((await set(id)).status).toBe(422);
  expect(await current()).toBe(document.id);
});

test('it is none again when the block, its schema or its type is deleted', async () => {
  for (const what of ['document', 'schema', 'type'] as const) {
    const made = await block(['write-path']);
    await set(made.document.id);
    expect(await current()).toBe(made.document.id);
    expect((await remove(`/block_${what}s/${made[what].id}`)).status).toBe(204);
    expect(await current()).toBeNull();
  }
});

test('clients up to 3.3.7 get pools without the field that they do not know', async () => {
  const name = `pool-${randomUUID()}`;
  const id = randomUUID();
  const storage_configuration = { default_result_storage_block_id: id };
  await post('/work_pools/', { name, type: 'process', storage_configuration });
  const known = { bundle_upload_step: null, bundle_execution_step: null };
  const whole = { ...known, default_result_storage_block_id: id };
  const clients: [string, object][] = [
    ['prefect/3.3.7 (API 0.8.4)', known],
    ['prefect/3.3.7.dev3 (API 0.8.4)', known],
    ['prefect/3.2.15 (API 0.8.4)', known],
    ['prefect/2.20.26 (API 0.8.4)', known],
    ['prefect/3.3.7+12.gabc (API 0.8.4)', whole],
    ['prefect/3.3.8rc1 (API 0.8.4)', whole],
    ['prefect/3.10.0 (API 0.8.4)', whole],
    ['prefect/3.3.7', whole],
    ['curl/8', whole],
  ];
  for (const [agent, shown] of clients) {
    const send = (method: string, path: string, body?: object) =>
      exchange(stack, method, path, body, { 'user-agent': agent });
    const read = await send('GET', `/work_pools/${name}`);
    expect(read.body.storage_configuration, agent).toEqual(shown);
    const which = { work_pools: { name: { any_: [name] } } };
    const listed = await send('POST', '/work_pools/filter', which);
    expect(listed.body[0].storage_configuration, agent).toEqual(shown);
  }
  const made = await exchange(
    stack,
    'POST',
    '/work_pools/',
    { name: `pool-${randomUUID()}` },
    { 'user-agent': 'prefect/3.3.7 (API 0.8.4)' },
  );
  expect(made.body.storage_configuration).toEqual(known);
});
