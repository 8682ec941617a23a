import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds dist/, which the npm package runs, because Node does not strip types under node_modules. A
 * failed build leaves no dist/ behind, because bin/dibs.js uses dist/ as soon as it exists.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Files that are read at run time or by makers of clients, and that the compiler does not copy. */
const COPIED = ['api/openapi.json'];

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(
  process.execPath,
  [compiler, '-p', 'tsconfig.build.json', '--noEmitOnError'],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) {
  rmSync(dist, { recursive: true, force: true });
  process.exit(1);
}
for (const file of COPIED) cpSync(join(root, file), join(dist, file));
const bundled = spawnSync(process.execPath, [join(root, 'scripts/bundle.ts')], {
  stdio: 'inherit',
});
if (bundled.status !== 0) {
  rmSync(dist, { recursive: true, force: true });
  process.exit(1);
}
