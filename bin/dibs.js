#!/usr/bin/env node
// Old Nodes must be able to read this file and say what is missing: no syntax younger than Node 12.
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know it.
import { existsSync } from 'fs';

const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  const built = new URL('../dist/cli/main.js', import.meta.url);
  const main = existsSync(built) ? built : new URL('../cli/main.ts', import.meta.url);
  void import(main.href);
} else {
  console.error(
    `dibs needs Node.js 22.18 or newer; this is ${process.version} (${process.execPath}).`,
  );
  process.exit(1);
}
