/**
 * `npm run structure`: rooms import in one direction, folders and files stay small, and each file that
 * a comment or a page names is there. Layers and circles of files are biome's to check.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingFiles } from './named-files.ts';
import { wrongRooms } from './room-order.ts';
import { tooLarge } from './sizes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const files = listed.stdout.split('\n').filter((file) => file && existsSync(join(ROOT, file)));
const read = (ending: RegExp) =>
  new Map(
    files
      .filter((file) => ending.test(file))
      .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')] as const),
  );
const code = read(/\.ts$/);
const prose = read(/\.(ts|md)$/);

const problems = [...wrongRooms(code), ...tooLarge(code), ...missingFiles(prose, new Set(files))];
for (const problem of problems) console.error(problem);
if (code.size === 0) console.error('git lists no code here');
process.exit(problems.length === 0 && code.size > 0 ? 0 : 1);
