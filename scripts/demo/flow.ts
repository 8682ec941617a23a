import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { flow } from '../../sdk/index.ts';
import { AGENT_VARIABLE, writeEvidence } from './evidence.ts';
import { fingerprint } from './fingerprint.ts';

const GATE_LOOK_MS = 20;

/** Hashes and counts one file, and leaves behind that it did: see evidence.ts. */
export const hashAndCount = flow(
  'hash-and-count',
  async ({ path, evidence, gate }, { runId, attempt }) => {
    while (gate !== undefined && !existsSync(gate)) await delay(GATE_LOOK_MS);
    const computed = await fingerprint(path);
    const agent = process.env[AGENT_VARIABLE] ?? 'unknown';
    await writeEvidence(evidence, { runId, attempt, agent, pid: process.pid, path, ...computed });
    return computed;
  },
  {
    parameters: z.object({
      path: z.string(),
      /** A directory. */
      evidence: z.string(),
      /** Nothing is computed before this file is there: a test needs runs that certainly last. */
      gate: z.string().optional(),
    }),
  },
);
