import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiError, type Client, createClient } from '../../client/index.ts';
import { revokeApiKey } from '../../core/access/api-keys.ts';
import { DAY } from '../../model/values/instant.ts';
import { movableClock } from '../support/clock.ts';
import { freshTable } from '../support/dynamodb.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let admin: Client;
let adminId: string;
const clock = movableClock();
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const basic = (text: string) => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});
const as = (headers: Record<string, string>) => createClient({ url: stack.url, headers });

beforeEach(async () => {
  stack = await startTestStack({ asksForKeys: true, context: { now: clock.now } });
  const { id, key } = await stack.client.createApiKey({ body: { name: 'first', role: 'admin' } });
  adminId = id;
  admin = as(bearer(key));
});
afterEach(() => stack.stop());

const create = (body: Parameters<Client['createApiKey']>[0]['body']) =>
  admin.createApiKey({ body });
const refused = (code: string) => expect.objectContaining({ code });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'in',
    (error) => (error instanceof ApiError ? error.code : error),
  );

describe('API keys', () => {
  test('PREFECT_API_KEY and PREFECT_API_AUTH_STRING, with a name or without, all get in', async () => {
    const { key } = await create({ name: 'v', role: 'view' });
    for (const headers of [bearer(key), basic(key), basic(`admin:${key}`)]) {
      expect(await codeOf(as(headers).filterFlows({ body: {} }))).toBe('in');
    }
    for (const headers of [bearer(`${key}x`), basic(`${key}:`), { authorization: key }]) {
      expect(await codeOf(as(headers).filterFlows({ body: {} }))).toBe('api_key_refused');
    }
  });

  test('the table holds the hash and not the key; the list holds neither', async () => {
    const { key, ...shown } = await create({ name: 'v', role: 'view' });
    const stored = JSON.stringify(await stack.context.store.listApiKeys());
    expect(stored).toContain(stack.context.sha256(key));
    expect(stored).not.toContain(key.slice(-22));
    expect(await admin.filterApiKeys({ body: {} })).toContainEqual(shown);
  });

  test.each([
    [{ name: ' \t' }],
    [{ name: 'a\u001b[2J' }],
    [{ name: 'a', role: 'agent' as const, pools: [''] }],
  ])('bad wish: %j', async (wish) => {
    expect(await codeOf(create({ role: 'view', ...wish }))).toBe('invalid_request');
  });

  test('the first key is an admin’s', async () => {
    const other = await startTestStack({ asksForKeys: true });
    const made = other.client.createApiKey({ body: { name: 'a', role: 'agent' } });
    await expect(made).rejects.toEqual(refused('first_key_is_admin'));
    await other.stop();
  });

  test('the last valid admin key is not revoked; with another one beside it is, at once', async () => {
    await expect(admin.revokeApiKey({ id: adminId })).rejects.toEqual(refused('last_admin_key'));
    const { key } = await create({ name: 'second', role: 'admin' });
    await admin.revokeApiKey({ id: adminId });
    expect(await codeOf(admin.filterFlows({ body: {} }))).toBe('api_key_refused');
    const [first] = await as(bearer(key)).filterApiKeys({ body: {} });
    expect(first?.revoked).not.toBeNull();
    const unknown = as(bearer(key)).revokeApiKey({ id: '00000000-0000-4000-8000-000000000000' });
    await expect(unknown).rejects.toEqual(refused('api_key_not_found'));
  });

  test('of admin keys that revoke each other at once one stays', async () => {
    const { store } = stack.context;
    // Both have read, before either writes, that the other one is valid.
    const { promise: bothRead, resolve: goOn } = Promise.withResolvers<void>();
    let readers = 0;
    const context = {
      ...stack.context,
      store: {
        ...store,
        listApiKeys: async () => {
          const keys = await store.listApiKeys();
          readers += 1;
          if (readers === 2) goOn();
          await bothRead;
          return keys;
        },
      },
    };
    const { id: secondId } = await create({ name: 'second', role: 'admin' });
    const ends = await Promise.allSettled(
      [adminId, secondId].map((id) => revokeApiKey(context, id)),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refusal = ends.find((end) => end.status === 'rejected');
    expect(refusal?.reason).toMatchObject({ code: 'last_admin_key' });
    const left = (await store.listApiKeys()).filter(({ revokedAt }) => revokedAt === null);
    expect(left).toHaveLength(1);
  });

  test('a key expires; the day of its last use is told', async () => {
    const {
      id,
      key,
      last_used_on: unused,
    } = await create({
      name: 'v',
      role: 'view',
      valid_for_seconds: 2 * 86_400,
    });
    expect(unused).toBeNull();
    const used = async () => (await stack.context.store.readApiKey(id))?.lastUsedOn;
    const today = new Date(clock.now() / 1000).toISOString().slice(0, 10);
    await as(bearer(key)).filterFlows({ body: {} });
    expect(await used()).toBe(today);
    clock.jump(DAY);
    await as(bearer(key)).filterFlows({ body: {} });
    expect(await used()).not.toBe(today);
    clock.jump(DAY);
    expect(await codeOf(as(bearer(key)).filterFlows({ body: {} }))).toBe('api_key_refused');
  });

  test('secrets in blocks are shown to who executes, and to nobody who only looks', async () => {
    const type = await admin.createBlockType({ body: { name: 'Secret', slug: 'secret' } });
    const secret_fields = ['v', 'items.token'];
    const fields = { type: 'object', properties: { v: { type: 'string' } }, secret_fields };
    const schema = await admin.createBlockSchema({
      body: { block_type_id: type.id, fields, capabilities: [] },
    });
    const { id } = await admin.createBlockDocument({
      body: {
        name: 's',
        data: { v: 'x', items: [{ token: 'x' }] },
        block_type_id: type.id,
        block_schema_id: schema.id,
      },
    });
    for (const [role, shown] of [
      ['agent', { v: 'x', items: [{ token: 'x' }] }],
      ['view', { v: '********', items: '********' }],
    ] as const) {
      const { key } = await create({ name: role, role });
      const asked = { id, query: { include_secrets: 'true' } } as const;
      expect((await as(bearer(key)).readBlockDocument(asked)).data).toEqual(shown);
      const body = { include_secrets: true };
      const [listed] = await as(bearer(key)).filterBlockDocuments({ body });
      expect(listed?.data).toEqual(shown);
    }
  });

  test.each([
    [{ name: 'x', role: 'boss' }, 'role'],
    [{ name: 'x', role: 'view', pools: ['p'] }, 'pools'],
    [{ name: 'x', role: 'agent', pools: [] }, 'pools'],
    [{ name: '', role: 'view' }, 'name'],
    [{ name: 'x', role: 'view', valid_for_seconds: 0 }, 'valid_for_seconds'],
  ])('bad wishes are refused: %j', async (body, at) => {
    const made = create(body as Parameters<typeof create>[0]);
    await expect(made).rejects.toMatchObject({
      status: 422,
      body: { hint: expect.stringContaining(at) },
    });
  });

  test('who comes late to a table that has keys is asked for one', async () => {
    const table = await freshTable();
    const open = await startTestStack({ asksForKeys: true, table, context: { now: clock.now } });
    expect(await codeOf(open.client.filterFlows({ body: {} }))).toBe('in');
    await open.client.createApiKey({ body: { name: 'first', role: 'admin' } });
    clock.jump(2_000_000);
    expect(await codeOf(open.client.filterFlows({ body: {} }))).toBe('api_key_missing');
    await open.stop();
  });
});
