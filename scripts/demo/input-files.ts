import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../local/user-error.ts';

/** A file with a NUL byte in its first 8 KiB is not a text file. */
const HEAD_BYTES = 8 * 1024;

/**
 * The absolute paths of the largest text files under a directory, the largest first, the same ones
 * each time. Hidden files are left out, because tools keep files there that change meanwhile.
 */
export function largestTextFiles(directory: string, count: number): string[] {
  const found: { path: string; bytes: number }[] = [];
  addFiles(directory, found);
  found.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  const texts: string[] = [];
  for (const { path } of found) {
    if (texts.length === count) return texts;
    if (isText(path)) texts.push(path);
  }
  if (texts.length === count) return texts;
  throw new UserError(
    `there are ${texts.length} text files under ${directory}, not ${count}; ask for fewer with --runs.`,
  );
}

/** Symbolic links count neither as files nor as directories, so they are not followed. */
function addFiles(directory: string, found: { path: string; bytes: number }[]): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) addFiles(path, found);
    else if (entry.isFile()) found.push({ path, bytes: statSync(path).size });
  }
}

function isText(path: string): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    return !head.subarray(0, readSync(file, head)).includes(0);
  } finally {
    closeSync(file);
  }
}
