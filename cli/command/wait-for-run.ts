import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../client/index.ts';
import { isFinal } from '../../model/runs/state.ts';

type Run = Awaited<ReturnType<Client['readFlowRun']>>;

/**
 * Time between two reads of a run. A read costs the server one or two units, and the end of a run
 * is seen within a second.
 */
export const POLL_MS = 1000;

/** Retries while the server does not answer: the waits grow, and add up to about a minute. */
const TRIES = 8;
const BACKOFF = { firstMs: 500, capMs: 15_000, random: Math.random };

/** Reads, and retries errors that may pass (`isPassing` in client/backoff.ts). */
export async function persistently<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  const { backoffMs, isPassing } = await import('../../client/backoff.ts');
  for (let tries = 0; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error) || tries >= TRIES) throw error;
      await delay(backoffMs(tries, BACKOFF));
    }
  }
}

/** Waits until a run has ended, for as long as that takes. */
export async function waitForRun(client: Client, id: string): Promise<Run> {
  for (;;) {
    const run = await persistently(() => client.readFlowRun({ id }));
    if (isFinal(run.state_type)) return run;
    await delay(POLL_MS);
  }
}
