import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds dist/, what the npm package runs: Node strips no types under node_modules. What a failed
 * build leaves is nothing: bin/dibs.js takes dist/ as soon as it is there.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Read at run time or by those who make clients, but seen by no compiler. */
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
