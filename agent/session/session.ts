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
  /** What to tell of ourselves, now. */
  readonly report: () => { capacity: number; runs: { id: string; attempt: number }[] };
  readonly onReply: (reply: HeartbeatReply, session: Session) => void;
}

/** What a heartbeat is more than a heartbeat. */
interface Kind {
  readonly started?: true;
  readonly replaces?: string;
  readonly ended?: true;
}

/** A turn's worth of tries. */
const HEDGE = { atMost: 10, isAnswer: (error: unknown) => !isPassing(error) };

interface Answered {
  readonly sentAt: number;
  readonly reply: HeartbeatReply;
}

/**
 * One life of an agent, as the server knows it: a new id each time, renewed by a heartbeat every
 * third of its lease.
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
   * Aborted when nothing it held is ours any more: the server has ended it, or the agent was cut off
   * for so long that the server may.
   */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** We ended it ourselves: the server may not know. */
  get wasCutOff(): boolean {
    return this.#wasCutOff;
  }

  /**
   * Opens the session. Throws ApiError when the server refuses, and the signal's reason.
   *
   * @param replaces A session of this same agent with nobody in it any more: the server ends it.
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

  /** Tells what has changed at once, rather than at the next heartbeat. */
  beatNow(): void {
    this.#beatNow.ring();
  }

  /** The server has ended it. */
  end(): void {
    this.#giveUp({ type: 'session_lost', sessionId: this.id });
  }

  /** To be called before acting on anything that may have waited: the session may be over since. */
  checkLease(): void {
    this.#lease.check();
  }

  /**
   * Says goodbye, holding nothing any more. False when the server was silent for `withinMs`: then
   * the lease lapses.
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

  /** Nobody can say whether the server still counts on us: it is as if it did not. */
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
    // A heartbeat that takes longer than its turn is lost: the next one says more.
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
    // The reply to a session's first heartbeat may come too late as well.
    this.#lease.check();
    if (!this.over.aborted) this.#options.onReply(reply, this);
  }
}

/** The server knows the session no longer. */
export function isEnded(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}
