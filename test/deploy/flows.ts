import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { flow } from '../../sdk/index.ts';

const parameters = z.object({ path: z.string(), secret: z.string().default('') });

export const counted = flow(
  'counted',
  ({ path }, { runId }) => appendFileSync(path, `${runId}\n`),
  { parameters },
);

export const sleeps = flow(
  'sleeps',
  async ({ path }, { runId }) => {
    appendFileSync(path, `${runId}\n`);
    await delay(600_000);
  },
  { parameters },
);
