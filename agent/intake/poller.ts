import { randomUUID } from 'node:crypto';
import { backoffMs } from '../../client/backoff.ts';
import type { Client } from '../../client/index.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Calls } from '../calls.ts';
import type { AgentEvent } from '../events.ts';
import type { Bell } from '../pause.ts';
import { isEnded, type Session } from '../session/session.ts';
import type { Claim } from '../wire.ts';

const IDLE = { firstMs: 250, capMs: 10_000 };
const REFUSED_MS = 10_000;
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
  /** Called with what was claimed. */
  readonly take: (claims: readonly Claim[], session: Session) => void;
  /** Rung when a run has ended, and when the poller is to look at `until`. */
  readonly bell: Bell;
}

/**
 * Claims runs while there is room: at once after work, backing off when there is none. There is
 * never a second claim on top of one that was not answered.
 */
export class Poller {
  readonly #options: PollerOptions;
  #outstanding: string | undefined;
  /** Empty answers in a row. */
  #idle = 0;
  #refused = '';

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** The claim that is asked for and not answered yet. */
  get outstanding(): string | undefined {
    return this.#outstanding;
  }

  /**
   * Polls until `until` is aborted or the session is over; a claim that is under way then is waited
   * for until `giveUp` is aborted. Never rejects.
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

  /** Gives milliseconds until it is worth asking again. */
  async #claimOnce(session: Session, limit: number, giveUp: AbortSignal): Promise<number> {
    try {
      const { runs, retry_after } = await this.#claim(session, limit, giveUp);
      this.#refused = '';
      this.#idle = runs.length > 0 ? 0 : this.#idle + 1;
      if (runs.length >= limit) return 0;
      const ms = backoffMs(this.#idle, { ...IDLE, random: this.#options.random });
      return Math.max(ms, retry_after * 1_000);
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
          // Sent before, unanswered: it may have claimed. Ask what, and claim nothing new.
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
