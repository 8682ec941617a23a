import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { flow } from '../../sdk/index.ts';
import { AGENT_VARIABLE, writeEvidence } from './evidence.ts';
import { fingerprint } from './fingerprint.ts';

interface Input {
  readonly path: string;
  /** A directory. */
  readonly evidence: string;
  /** Nothing is computed before this file is there: a test needs runs that certainly last. */
  readonly gate?: string;
}

const GATE_LOOK_MS = 20;

/**
 * Hashes and counts one file, and leaves behind that it does: see evidence.ts. Without a zod schema:
 * to load zod takes as long as all else that a run's process does.
 */
export const hashAndCount = flow(
  'hash-and-count',
  async ({ path, evidence, gate }: Input, { runId, attempt }) => {
    const startedAt = Date.now();
    const agent = process.env[AGENT_VARIABLE] ?? 'unknown';
    const mine = { runId, attempt, agent, pid: process.pid, path, startedAt };
    const tellEnd = await writeEvidence(evidence, mine);
    while (gate !== undefined && !existsSync(gate)) await delay(GATE_LOOK_MS);
    const computed = await fingerprint(path);
    await tellEnd({ ...computed, endedAt: Date.now() });
    return computed;
  },
);
