import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../client/index.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { AgentSession, type ClaimedRun } from './agent-session.ts';

export const BEAT_MS = NUMBERS.lease / 3 / 1_000;

interface PollingOptions {
  readonly client: Client;
  readonly pool: string;
  readonly capacity: number;
  /** Milliseconds from an empty poll to the next poll. */
  readonly pauseMs: () => number;
  readonly onClaimed: (runs: readonly ClaimedRun[]) => void;
}

/**
 * Polls and sends heartbeats until it is stopped, and holds the runs that it claims. The first poll
 * comes after a pause, like the next poll of an agent that has been idle for long. It does not use
 * agent/intake/poller.ts, whose agent would execute the runs.
 */
export async function startPolling(options: PollingOptions): Promise<{ stop(): Promise<void> }> {
  const { client, pool, capacity, pauseMs, onClaimed } = options;
  const session = new AgentSession(client, pool, capacity);
  const stopped = new AbortController();
  await session.beat({ started: true });

  const pause = (ms: number) => delay(ms, undefined, { signal: stopped.signal }).catch(() => {});
  async function poll(): Promise<void> {
    await pause(pauseMs());
    while (!stopped.signal.aborted && session.room > 0) {
      const { runs, retry_after } = await session.claim();
      onClaimed(runs);
      if (runs.length === 0) await pause(Math.max(pauseMs(), retry_after * 1_000));
    }
  }
  async function keepBeating(): Promise<void> {
    for (;;) {
      await pause(BEAT_MS);
      if (stopped.signal.aborted) return;
      await session.beat();
    }
  }

  const both = Promise.all([poll(), keepBeating()]);
  // The caller of stop gets the error, if nobody got it before.
  both.catch(() => {});
  return {
    stop: async () => {
      stopped.abort();
      await both;
      await session.beat({ ended: true });
    },
  };
}
