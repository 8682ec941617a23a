import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What a run computes from its file. */
export interface Fingerprint {
  readonly sha256: string;
  readonly bytes: number;
  readonly lines: number;
}

const LINE_FEED = 0x0a;

export async function fingerprint(path: string): Promise<Fingerprint> {
  const content = await readFile(path);
  let lines = 0;
  for (let at = content.indexOf(LINE_FEED); at >= 0; at = content.indexOf(LINE_FEED, at + 1)) {
    lines++;
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { sha256, bytes: content.length, lines };
}

export function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.sha256 === b.sha256 && a.bytes === b.bytes && a.lines === b.lines;
}
