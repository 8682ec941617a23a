import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fingerprint } from './fingerprint.ts';

/**
 * One execution of a run, recorded by the process that executes it: when it starts, and again when
 * it has its result. Records are never overwritten, so a run that is executed twice leaves two
 * records, whatever the server says.
 */
export interface Evidence {
  readonly runId: string;
  readonly attempt: number;
  readonly agent: string;
  readonly pid: number;
  readonly path: string;
  /** Milliseconds by this machine's clock, like every time in the demo. */
  readonly startedAt: number;
  /** Absent if the process ended before it had a result. */
  readonly result?: Result;
}

interface Result extends Fingerprint {
  readonly endedAt: number;
}

/** The variable that tells a run's process the name of its agent. */
export const AGENT_VARIABLE = 'DIBS_DEMO_AGENT';

const STARTED = '.started.json';
const ENDED = '.ended.json';

/** Records that an execution has started. Call the returned function to record its result. */
export async function writeEvidence(
  directory: string,
  started: Omit<Evidence, 'result'>,
): Promise<(result: Result) => Promise<void>> {
  const file = join(directory, `${started.runId}.${started.attempt}.${randomUUID()}`);
  await write(file + STARTED, started);
  return (result) => write(file + ENDED, { ...started, result });
}

async function write(file: string, evidence: Evidence): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, JSON.stringify(evidence), { flag: 'wx' });
  // A process that is killed while it writes leaves no incomplete record.
  await rename(unfinished, file);
}

export async function readEvidence(directory: string): Promise<Evidence[]> {
  const names = await readdir(directory);
  const ended = names.filter((name) => name.endsWith(ENDED));
  const told = new Set(ended.map((name) => name.slice(0, -ENDED.length)));
  const unfinished = names.filter(
    (name) => name.endsWith(STARTED) && !told.has(name.slice(0, -STARTED.length)),
  );
  const files = [...ended, ...unfinished].sort();
  const read = files.map(async (name) => readFile(join(directory, name), 'utf8'));
  return (await Promise.all(read)).map((text) => JSON.parse(text) as Evidence);
}
