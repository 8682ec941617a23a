import { afterAll, beforeAll, expect, test } from 'vitest';
import { openapiDocument } from '../../api/openapi.ts';
import { ROUTES } from '../../api/routes.ts';
import { exchange } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const document = openapiDocument();
const operations = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path));

test('the contract names every kind of refusal at every route', () => {
  expect(operations).toHaveLength(Object.keys(ROUTES).length);
  for (const { responses } of operations) {
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['4XX', '501', '503']));
  }
});

test('what may be any JSON may be null', () => {
  const all = JSON.stringify(document).match(/"type":\["object","array"[^\]]*\]/g) ?? [];
  expect(all.length).toBeGreaterThan(5);
  for (const type of all) expect(type).toContain('"null"');
});

test('the contract says how long a list of records may be, and how large a body', () => {
  const text = JSON.stringify(document);
  expect(text).toContain('From 0 to 200');
  expect(document.info.description).toContain('10000 items');
});

test.each([
  ['PUT', '/flows/', 'POST'],
  ['DELETE', '/work_pools/', 'POST'],
  ['OPTIONS', `/flow_runs/${crypto.randomUUID()}`, 'GET, PATCH, DELETE'],
])('%s %s is 405, and Allow says which methods there are', async (method, path, allow) => {
  const { status, headers, body } = await exchange(stack, method, path);
  expect([status, headers.get('allow')]).toEqual([405, allow]);
  expect(body).toMatchObject({ code: 'method_not_allowed' });
});
