import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { flow } from '../../sdk/index.ts';
import { AGENT_VARIABLE, writeEvidence } from './proof/evidence.ts';
import { fingerprint } from './proof/fingerprint.ts';

interface Input {
  readonly path: string;
  /** A directory. */
  readonly evidence: string;
  /** The flow waits until this file exists, for tests that need runs which do not end early. */
  readonly gate?: string;
}

const GATE_LOOK_MS = 20;

/**
 * Hashes one file, counts its lines, and records that it did so: see
 * scripts/demo/proof/evidence.ts. It has no zod schema, because loading zod takes as long as
 * everything else that a run's process does.
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
