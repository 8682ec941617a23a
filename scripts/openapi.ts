import { readFileSync, writeFileSync } from 'node:fs';
import { openapiDocument } from '../api/openapi.ts';

/** Writes api/openapi.json from the route table; with --check, fails where the file is another. */
const file = new URL('../api/openapi.json', import.meta.url);
const text = `${JSON.stringify(openapiDocument(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('api/openapi.json is not what the route table says. Run: npm run openapi');
    process.exit(1);
  }
} else {
  writeFileSync(file, text);
}
