/**
 * `npm run guarantees`: checks that each test named in docs/guarantees.md exists under that name.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../docs/guarantees.md', import.meta.url));
const NAMED = /\[([^\]]+)\]\((\.\.\/test\/[^)]+\.ts)\)/g;

const text = readFileSync(PAGE, 'utf8').replaceAll(/\s*\n\s*/g, ' ');
const named = [...text.matchAll(NAMED)].map(([, name = '', file = '']) => ({ name, file }));
const missing = named.filter(({ name, file }) => !isThere(name, join(dirname(PAGE), file)));

for (const { name, file } of missing) {
  console.error(`docs/guarantees.md names a test that is not in ${file.slice(3)}: "${name}"`);
}
if (named.length === 0) console.error('docs/guarantees.md names no test at all');
process.exit(missing.length === 0 && named.length > 0 ? 0 : 1);

function isThere(name: string, file: string): boolean {
  if (!existsSync(file)) return false;
  const source = readFileSync(file, 'utf8');
  return [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => source.includes(quoted));
}
