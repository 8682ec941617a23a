import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { largestTextFiles } from '../../scripts/demo/input-files.ts';

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'dibs-demo-test-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

it('takes the largest text files, largest first, in an order that never changes', () => {
  const root = tree({
    'a/small.txt': '1',
    'b/same.txt': '55555',
    'a/same.txt': '55555',
    'a/deep/er/large.txt': '1234567',
    'a/program': 'much larger, but no text: \0',
    'a/nul-later': `${'x'.repeat(8 * 1024)}\0`,
    '.cache/changes.txt': '1234567890',
    'a/.being-installed/changes.txt': '1234567890',
    '.package-lock.json': '1234567890',
  });
  symlinkSync(join(root, 'a'), join(root, 'b', 'link'));
  symlinkSync(join(root, 'a', 'deep', 'er', 'large.txt'), join(root, 'b', 'large.txt'));
  const names = (count: number) =>
    largestTextFiles(root, count).map((path) => path.slice(root.length + 1));
  expect(names(4)).toEqual(['a/nul-later', 'a/deep/er/large.txt', 'a/same.txt', 'b/same.txt']);
  expect(names(5)).toHaveLength(5);
  expect(() => names(6)).toThrow(/^there are 5 text files under .*, not 6; /);
});
