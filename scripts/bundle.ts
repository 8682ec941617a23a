import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles every Lambda into dist/bundles/NAME/index.mjs, in one call. The package contains the
 * bundles, so that users of the construct need no esbuild. The AWS SDK is bundled, too: a cold
 * start then reads fewer files, and uses the version that was tested. Names are kept, so that stack
 * traces are readable without a source map.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist/bundles');
const SUFFIX = '.handler.ts';

// Others may read the bundles of before meanwhile: they are replaced at once, when these are whole.
const made = `${out}.${process.pid}`;
const before = `${made}.before`;
const entries = readdirSync(join(root, 'lambdas')).filter((file) => file.endsWith(SUFFIX));
await build({
  entryPoints: entries.map((file) => ({
    in: join(root, 'lambdas', file),
    out: join(basename(file, SUFFIX), 'index'),
  })),
  outdir: made,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  // CommonJS modules in the bundle call require.
  banner: {
    js: "import { createRequire as dibsCreateRequire } from 'node:module'; const require = dibsCreateRequire(import.meta.url);",
  },
});
if (existsSync(out)) renameSync(out, before);
renameSync(made, out);
rmSync(before, { recursive: true, force: true });
