import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    logFolder: string;
  }
}

/** All that the stacks of all tests have logged holds no claim token, no key and nothing that was planted. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'dibs-logs-'));
  project.provide('logFolder', folder);
  return () => {
    const read = (file: string) =>
      readdirSync(folder)
        .filter((name) => name.startsWith(`${file}.`))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('');
    const text = read('lines');
    const secrets = [...new Set(read('secrets').split('\n'))]
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string);
    rmSync(folder, { recursive: true, force: true });
    const words = new Set(text.match(/[\w-]{22}/g) ?? []);
    const found = [
      ...secrets.filter((secret) => words.has(secret) || text.includes(secret)),
      ...(text.match(/planted-[\w-]+|dibs_[0-9a-f]{32}_/g) ?? []),
    ];
    const lines = text.split('\n').length - 1;
    // Not without being asked: the runner's summary comes last.
    if (process.env['DIBS_TELL_SECRETS']) {
      console.log(`secrets in logs: ${found.length} of ${secrets.length}, in ${lines} lines`);
    }
    if (found.length > 0) throw new Error(`the logs hold secrets: ${found.slice(0, 5).join(', ')}`);
  };
}
