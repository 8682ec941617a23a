import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isPassing } from '../../client/backoff.ts';
import { ApiError, type Client } from '../../client/index.ts';
import type { Calls } from '../calls.ts';
import type { AgentEvent } from '../events.ts';
import { Bell } from '../pause.ts';
import type { HeartbeatReply } from '../wire.ts';
import { hedged } from './hedged.ts';
import { Lease } from './lease.ts';

export interface SessionOptions {
  readonly client: Client;
  readonly calls: Calls;
  readonly pool: string;
  readonly name: string;
  readonly onEvent: (event: AgentEvent) => void;
  /** Returns what a heartbeat reports about this agent. */
  readonly report: () => { capacity: number; runs: { id: string; attempt: number }[] };
  readonly onReply: (reply: HeartbeatReply, session: Session) => void;
}

/** What a heartbeat does besides renewing the lease. */
interface Kind {
  readonly started?: true;
  readonly replaces?: string;
  readonly ended?: true;
}

/** The most tries of one heartbeat. */
const HEDGE = { atMost: 10, isAnswer: (error: unknown) => !isPassing(error) };

interface Answered {
  readonly sentAt: number;
  readonly reply: HeartbeatReply;
}

/**
 * One session of an agent on the server. Each has a new id, and a heartbeat renews its lease every
 * third of the lease.
 */
export class Session {
  readonly id = randomUUID();
  readonly name: string;
  readonly #options: SessionOptions;
  readonly #over = new AbortController();
  readonly #beatNow = new Bell();
  readonly #lease = new Lease(() => this.#cutOff());
  #wasCutOff = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.name = options.name;
  }

  /**
   * Aborted when the session holds no runs anymore: the server has ended it, or the agent was cut
   * off for so long that the server may have ended it.
   */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** True if the agent gave the session up itself: it may still be open on the server. */
  get wasCutOff(): boolean {
    return this.#wasCutOff;
  }

  /**
   * Opens the session.
   *
   * @param replaces A former session of this agent, which no process uses anymore: the server ends
   * it.
   * @throws ApiError if the server refuses; the signal's reason when it is aborted
   */
  async open(signal: AbortSignal, replaces?: string): Promise<void> {
    const kind: Kind = { started: true, ...(replaces === undefined ? {} : { replaces }) };
    this.#note(await this.#options.calls.untilAnswered(() => this.#send(kind, signal), signal));
  }

  /** Sends heartbeats until the session is over or the signal is aborted. Never rejects. */
  async keepBeating(signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, this.over]);
    const lease = this.#lease;
    const backoff = () => lease.backoff;
    let refused = '';
    let last = lease.renewedAt;
    while (!until.aborted) {
      await this.#beatNow.wait(last + lease.turnMs - performance.now(), until);
      if (until.aborted) return;
      last = performance.now();
      try {
        const send = () =>
          hedged(() => this.#send({}, until), { ...HEDGE, everyMs: lease.hedgeMs });
        this.#note(await this.#options.calls.untilAnswered(send, until, { backoff }));
        last = lease.renewedAt;
        refused = '';
      } catch (error) {
        if (until.aborted) return;
        if (isEnded(error)) return this.end();
        const message = error instanceof Error ? error.message : String(error);
        if (message !== refused) this.#options.onEvent({ type: 'refused', message });
        refused = message;
      }
    }
  }

  /** Sends a heartbeat now, to report a change at once. */
  beatNow(): void {
    this.#beatNow.ring();
  }

  /** Called when the server has ended the session. */
  end(): void {
    this.#giveUp({ type: 'session_lost', sessionId: this.id });
  }

  /**
   * Call this before acting on anything that may have waited: the session may have ended meanwhile.
   */
  checkLease(): void {
    this.#lease.check();
  }

  /**
   * Ends the session on the server, when it holds no more runs. Returns false if the server did not
   * answer within `withinMs`: then the lease expires.
   */
  async close(withinMs: number): Promise<boolean> {
    this.#lease.release();
    const late = AbortSignal.any([AbortSignal.timeout(withinMs), this.over]);
    try {
      await this.#options.calls.untilAnswered(() => this.#send({ ended: true }, late), late);
      return true;
    } catch (error) {
      return isEnded(error);
    }
  }

  /** Gives the session up, because the server may already have ended it. */
  #cutOff(): void {
    this.#wasCutOff = true;
    const silentSeconds = (performance.now() - this.#lease.renewedAt) / 1_000;
    this.#giveUp({ type: 'cut_off', sessionId: this.id, silentSeconds });
  }

  #giveUp(event: AgentEvent): void {
    if (this.over.aborted) return;
    this.#lease.release();
    this.#over.abort();
    this.#options.onEvent(event);
  }

  async #send(kind: Kind, signal: AbortSignal): Promise<Answered> {
    const { client, pool, report } = this.#options;
    // A heartbeat that takes longer than this is given up: the next one has newer data.
    const turn = AbortSignal.timeout(this.#lease.turnMs);
    const sentAt = performance.now();
    const reply = await client.heartbeat({
      name: pool,
      session_id: this.id,
      body: { worker_name: this.name, host: hostname(), ...report(), ...kind },
      signal: AbortSignal.any([signal, turn]),
    });
    return { sentAt, reply };
  }

  #note({ sentAt, reply }: Answered): void {
    if (this.over.aborted) return;
    this.#lease.renew(sentAt, reply);
    // The response to a session's first heartbeat may come too late, too.
    this.#lease.check();
    if (!this.over.aborted) this.#options.onReply(reply, this);
  }
}

/** True if the server has ended the session: not any 410. */
export function isEnded(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'session_ended';
}
