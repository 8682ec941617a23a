import { randomUUID } from 'node:crypto';
import { backoffMs } from '../../client/backoff.ts';
import type { Client } from '../../client/index.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Calls } from '../calls.ts';
import type { AgentEvent } from '../events.ts';
import type { Bell } from '../pause.ts';
import { isEnded, type Session } from '../session/session.ts';
import { between, type Claim } from '../wire.ts';

const IDLE = { firstMs: 250, capMs: 10_000 };
const REFUSED_MS = 10_000;
/** Seconds. The server hints at 10 s at most. */
const RETRY_AFTER = { min: 0, max: 60 };
const UNTIL_RUNG = Number.POSITIVE_INFINITY;

export interface PollerOptions {
  readonly client: Client;
  readonly calls: Calls;
  readonly pool: string;
  readonly queues: readonly string[];
  readonly random: () => number;
  readonly onEvent: (event: AgentEvent) => void;
  /** How many more runs to claim. */
  readonly wanted: () => number;
  /** Called with the claimed runs. */
  readonly take: (claims: readonly Claim[], session: Session) => void;
  /** Rung when a run has ended, and when the poller may claim runs again. */
  readonly bell: Bell;
}

/**
 * Claims runs while the agent has room: again at once if runs were claimed, with growing pauses if
 * none were. It never sends a second claim while the first has no response.
 */
export class Poller {
  readonly #options: PollerOptions;
  #outstanding: string | undefined;
  /** The number of empty responses in a row. */
  #idle = 0;
  #refused = '';

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** The id of the claim request that has no response yet. */
  get outstanding(): string | undefined {
    return this.#outstanding;
  }

  /**
   * Polls until `until` is aborted or the session is over. If a claim has no response at that time,
   * it waits for the response until `giveUp` is aborted. Never rejects.
   */
  async poll(session: Session, until: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const { wanted, bell } = this.#options;
    const stop = AbortSignal.any([until, session.over]);
    while (!stop.aborted) {
      const limit = Math.min(wanted(), NUMBERS.claimAtMost);
      const waitMs = limit > 0 ? await this.#claimOnce(session, limit, giveUp) : UNTIL_RUNG;
      if (waitMs > 0 && (await bell.wait(waitMs, stop))) this.#idle = 0;
    }
  }

  /** Claims once, and returns the milliseconds to wait before the next claim. */
  async #claimOnce(session: Session, limit: number, giveUp: AbortSignal): Promise<number> {
    try {
      const { runs, retry_after } = await this.#claim(session, limit, giveUp);
      this.#refused = '';
      this.#idle = runs.length > 0 ? 0 : this.#idle + 1;
      if (runs.length >= limit) return 0;
      const ms = backoffMs(this.#idle, { ...IDLE, random: this.#options.random });
      return Math.max(ms, between(retry_after, RETRY_AFTER) * 1_000);
    } catch (error) {
      if (isEnded(error)) session.end();
      if (giveUp.aborted || session.over.aborted) return UNTIL_RUNG;
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#refused) this.#options.onEvent({ type: 'refused', message });
      this.#refused = message;
      return REFUSED_MS;
    }
  }

  async #claim(session: Session, limit: number, giveUp: AbortSignal) {
    const { client, calls, pool, queues, take } = this.#options;
    const signal = AbortSignal.any([giveUp, session.over]);
    const claimId = randomUUID();
    let repeat = false;
    this.#outstanding = claimId;
    try {
      const reply = await calls.untilAnswered(() => {
        const body = {
          session_id: session.id,
          worker_name: session.name,
          claim_id: claimId,
          limit,
          start: false,
          ...(queues.length > 0 ? { queue_names: [...queues] } : {}),
          // The first request got no response, but may have claimed runs. Ask for those, and claim
          // no others.
          ...(repeat ? { repeat } : {}),
        };
        repeat = true;
        return client.claim({ name: pool, body, signal });
      }, signal);
      take(reply.runs, session);
      return reply;
    } finally {
      this.#outstanding = undefined;
    }
  }
}
