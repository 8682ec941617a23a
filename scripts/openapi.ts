import { readFileSync, writeFileSync } from 'node:fs';
import { openapiDocument } from '../api/openapi.ts';

/**
 * Writes api/openapi.json from the route table. With --check, it only fails if the file differs.
 */
const file = new URL('../api/openapi.json', import.meta.url);
const text = `${JSON.stringify(openapiDocument(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('api/openapi.json differs from the route table. Run: npm run openapi');
    process.exit(1);
  }
} else {
  writeFileSync(file, text);
}
