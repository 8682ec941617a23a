import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fingerprint } from './fingerprint.ts';

/**
 * One execution of a run that got as far as its result, told by the process that executed it. Never
 * overwritten: a run that is executed twice leaves two files, whatever the server says.
 */
export interface Evidence extends Fingerprint {
  readonly runId: string;
  readonly attempt: number;
  readonly agent: string;
  readonly pid: number;
  readonly path: string;
}

/** Tells a run's process the name of the agent it belongs to. */
export const AGENT_VARIABLE = 'DIBS_DEMO_AGENT';

const SUFFIX = '.json';

export async function writeEvidence(directory: string, evidence: Evidence): Promise<void> {
  const file = join(directory, `${evidence.runId}.${evidence.attempt}.${randomUUID()}`);
  await writeFile(file, JSON.stringify(evidence), { flag: 'wx' });
  // Whoever is killed while writing leaves no half evidence.
  await rename(file, file + SUFFIX);
}

export async function readEvidence(directory: string): Promise<Evidence[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith(SUFFIX)).sort();
  const read = files.map(async (name) => readFile(join(directory, name), 'utf8'));
  return (await Promise.all(read)).map((text) => JSON.parse(text) as Evidence);
}
