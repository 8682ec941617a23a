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

const FILTER = {
  object: 'flow',
  property: 'name',
  type: 'string',
  operation: 'equals',
  value: 'x',
};

test('a saved search is created once per name; its filters are replaced as a whole', async () => {
  const name = `search ${randomUUID()} / %`;
  const many = [FILTER, { ...FILTER, operation: 'any_', value: { list: [1, null] } }];
  const made = await put('/saved_searches/', { name, filters: many });
  expect(made).toMatchObject({ status: 201, body: { name, filters: many } });
  const { id, created } = made.body;
  expect(await get(`/saved_searches/${id}`)).toEqual({ status: 200, body: made.body });
  const again = await put('/saved_searches/', { name, filters: [FILTER] });
  expect(again).toMatchObject({ status: 200, body: { id, created, name, filters: [FILTER] } });
  expect(await put('/saved_searches/', { name })).toMatchObject({ status: 200, body: { id } });
  expect((await get(`/saved_searches/${id}`)).body.filters).toEqual([]);
});

test('a value in it may be null or a number of any size, and comes back as it was sent', async () => {
  const filters = `[{"object":"o","property":"p","type":"t","operation":"=","value":12345678901234567890},{"object":"o","property":"p","type":"t","operation":"=","value":null}]`;
  const sent = `{"name":"numbers","filters":${filters}}`;
  expect((await exchange(stack, 'PUT', '/saved_searches/', sent)).text).toContain(filters);
});

test('saved searches are listed by name, page by page', async () => {
  const all = await startTestStack();
  for (const name of ['b', '', 'c', 'a']) {
    await exchange(all, 'PUT', '/saved_searches/', { name });
  }
  const names = async (page?: object) => {
    const { body } = await exchange(all, 'POST', '/saved_searches/filter', page);
    return body.map((one: { name: string }) => one.name);
  };
  expect(await names()).toEqual(['', 'a', 'b', 'c']);
  expect(await names({ limit: 2, offset: 1 })).toEqual(['a', 'b']);
  expect((await exchange(all, 'POST', '/saved_searches/filter', { limit: 201 })).status).toBe(422);
  await all.stop();
});

test('of saves of one name at once, all are kept as one search', async () => {
  const saves = Array.from({ length: 5 }, () => put('/saved_searches/', { name: 'raced' }));
  const answers = await Promise.all(saves);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
});

test('one that is deleted is gone, and may be made again', async () => {
  const { body } = await put('/saved_searches/', { name: 'deleted' });
  expect((await remove(`/saved_searches/${body.id}`)).status).toBe(204);
  for (const gone of [
    await get(`/saved_searches/${body.id}`),
    await remove(`/saved_searches/${body.id}`),
  ]) {
    expect([gone.status, gone.body.code]).toEqual([404, 'saved_search_not_found']);
  }
  expect((await put('/saved_searches/', { name: 'deleted' })).status).toBe(201);
});

test('what is wrong with it is said', async () => {
  const { value: _, ...incomplete } = FILTER;
  for (const body of [
    {},
    { name: 'x', filters: null },
    { name: 'x', colour: 'red' },
    { name: 'x', filters: [incomplete] },
    { name: 'x', filters: Array.from({ length: 101 }, () => FILTER) },
    { name: 'x', filters: [{ ...FILTER, value: 'x'.repeat(310_000) }] },
  ]) {
    const answer = await put('/saved_searches/', body);
    expect(answer.status, JSON.stringify(body).slice(0, 80)).toBe(422);
  }
  expect((await post('/saved_searches/filter')).body).not.toContainEqual(
    expect.objectContaining({ name: 'x' }),
  );
});
