import { afterAll, beforeAll, expect, test } from 'vitest';
import { NUMBERS } from '../../model/values/numbers.ts';
import { exchange, request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const create = async (key: string, data: unknown) =>
  (await request(stack, 'POST', '/artifacts/', { key, data })).body as { id: string };
const latest = async (key: string) => request(stack, 'GET', `/artifacts/${key}/latest`);
const versions = async (key: string) =>
  (
    await request(stack, 'POST', '/artifacts/filter', {
      artifacts: { key: { any_: [key] } },
      sort: 'CREATED_DESC',
    })
  ).body as { id: string; data: unknown }[];

test('of many that are created at once the last one is the latest', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, n) => create('raced', n)));
  const all = await versions('raced');
  expect(all).toHaveLength(20);
  expect((await latest('raced')).body.data).toEqual(all[0]?.data);
});

test('whoever creates and deletes at once, the latest is one that is there', async () => {
  for (let round = 0; round < 5; round++) {
    const key = `churned-${round}`;
    const made = await Promise.all([1, 2, 3].map((n) => create(key, n)));
    await Promise.all([
      ...made.map(({ id }) => request(stack, 'DELETE', `/artifacts/${id}`)),
      create(key, 4),
      create(key, 5),
    ]);
    const [newest, ...rest] = await versions(key);
    expect(rest).toHaveLength(1);
    expect((await latest(key)).body.data).toEqual(newest?.data);
  }
});

test('with the last one its key is gone, and may come again', async () => {
  const { id } = await create('short', 1);
  await Promise.all([1, 2].map(() => request(stack, 'DELETE', `/artifacts/${id}`)));
  expect((await latest('short')).status).toBe(404);
  await create('short', 2);
  expect((await latest('short')).body.data).toBe(2);
});

test('data comes back as the text that it was', async () => {
  const body = '{"key":"exact","data":{"n":12345678901234567890,"x":1.0}}';
  await request(stack, 'POST', '/artifacts/', body);
  const answer = await exchange(stack, 'GET', '/artifacts/exact/latest');
  expect(answer.text).toContain('"data":{"n":12345678901234567890,"x":1.0}');
});

test('what is too large is refused with its bound, and what just fits is kept', async () => {
  const answer = await request(stack, 'POST', '/artifacts/', { data: 'x'.repeat(310_000) });
  expect(answer).toMatchObject({ status: 422, body: { code: 'payload_too_large' } });
  expect(answer.body.detail).toContain(String(NUMBERS.recordBytes));
  const large = 'x'.repeat(NUMBERS.recordBytes - 1_000);
  const { body } = await request(stack, 'POST', '/artifacts/', { data: large });
  expect((await request(stack, 'GET', `/artifacts/${body.id}`)).body.data).toBe(large);
});

test('changes that come at once are all made', async () => {
  const { id } = await create('changed', 0);
  const path = `/artifacts/${id}`;
  const answers = await Promise.all([
    request(stack, 'PATCH', path, { data: 1 }),
    request(stack, 'PATCH', path, { description: 'd' }),
    request(stack, 'PATCH', path, { metadata_: { a: 'b' } }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
  const { body } = await request(stack, 'GET', path);
  expect(body).toMatchObject({ data: 1, description: 'd', metadata_: { a: 'b' } });
});
