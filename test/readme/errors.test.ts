import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STATUS } from '../../api/errors.ts';
import { ERROR_CODES } from '../../model/values/errors.ts';

test('docs/errors.md has every error code, with its status, and no other', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)];
  const told = rows.map(([, code, status]) => `${code} ${status}`).sort();
  expect(told).toEqual(ERROR_CODES.map((code) => `${code} ${STATUS[code]}`).sort());
});
