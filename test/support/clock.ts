import type { Client } from '../../client/index.ts';
import { type Instant, type Micros, SECOND } from '../../model/values/instant.ts';

/** The server's clock, which a test moves on. */
export interface MovableClock {
  readonly now: () => Instant;
  /** At once: to the server it looks as if it had been away. */
  jump(by: Micros): void;
  /** In steps shorter than a lease, each with this: as if time passed and somebody was served. */
  pass(by: Micros, meanwhile: () => Promise<unknown>): Promise<void>;
}

const STEP = 9 * SECOND;

export function movableClock(): MovableClock {
  let ahead = 0;
  return {
    now: () => Date.now() * 1000 + ahead,
    jump: (by) => {
      ahead += by;
    },
    pass: async (by, meanwhile) => {
      for (let left = by; left > 0; left -= STEP) {
        ahead += Math.min(left, STEP);
        await meanwhile();
      }
    },
  };
}

/** A heartbeat of an agent at API level, by which its session lives on. */
export const beat = (
  client: Client,
  pool: string,
  { session, worker }: { session: string; worker: string },
  more: { runs?: { id: string; attempt: number }[]; ended?: true } = {},
) =>
  client.heartbeat({
    name: pool,
    session_id: session,
    body: { worker_name: worker, capacity: 5, runs: [], ...more },
  });
