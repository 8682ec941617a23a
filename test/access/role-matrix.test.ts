import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES, type RouteName } from '../../api/routes.ts';
import { createClient } from '../../client/index.ts';
import { entriesOf } from '../support/entry.ts';
import { makeKeys, type RoleMatrix, walkRoles } from '../support/role-matrix.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Every route by every role: the table in docs/security.md. `npm run docs:security` writes it. */
let stack: TestStack;
let matrix: RoleMatrix;
beforeAll(async () => {
  stack = await startTestStack({ asksForKeys: true });
  const { key } = await stack.client.createApiKey({ body: { name: 'first', role: 'admin' } });
  const headers = { authorization: `Bearer ${key}` };
  matrix = await walkRoles(stack.url, await makeKeys(createClient({ url: stack.url, headers })));
});
afterAll(() => stack.stop());

const names = Object.keys(ROUTES) as RouteName[];

test.each(names)('%s lets in who its row says, and nobody else', (name) => {
  expect(matrix.get(name)).toEqual(entriesOf(name));
});

test('docs/security.md shows what was seen', async () => {
  const file = join(import.meta.dirname, '../../docs/security.md');
  const page = await readFile(file, 'utf8');
  const shown = page.replace(/(<!-- roles -->\n).*?(<!-- end -->)/s, `$1\n${table()}\n$2`);
  const { DIBS_WRITE_DOCS } = process.env;
  if (DIBS_WRITE_DOCS) await writeFile(file, shown);
  else expect(page).toBe(shown);
});

function table(): string {
  const rows = names.map((name) => {
    const { method, path, access } = ROUTES[name];
    const { none, view, agent, deploy, admin } = matrix.get(name) ?? {};
    const cells = [none, view, agent, deploy, admin].map((entry) => (entry === 'in' ? '✓' : entry));
    return `| ${method} ${path.replaceAll('|', '')} | ${access} | ${cells.join(' | ')} |`;
  });
  const head =
    '| route | for | no key | view | agent | deploy | admin |\n|---|---|---|---|---|---|---|';
  return `${head}\n${rows.join('\n')}\n`;
}
