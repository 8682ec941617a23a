import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ApiError, type Client } from '../client/index.ts';
import type { Calls } from './calls.ts';
import type { HeartbeatReply } from './claim.ts';
import type { AgentEvent } from './events.ts';
import { Bell } from './pause.ts';

export interface SessionOptions {
  readonly client: Client;
  readonly calls: Calls;
  readonly pool: string;
  /** The name to try first. */
  readonly name: string;
  readonly onEvent: (event: AgentEvent) => void;
  /** What to tell of ourselves, now. */
  readonly report: () => { capacity: number; runs: { id: string; attempt: number }[] };
  readonly onReply: (reply: HeartbeatReply, session: Session) => void;
}

/**
 * One life of an agent, as the server knows it: a new id each time, renewed by a heartbeat every
 * third of its lease.
 */
export class Session {
  readonly id = randomUUID();
  name: string;
  readonly #options: SessionOptions;
  readonly #over = new AbortController();
  readonly #beatNow = new Bell();
  #leaseMs = 30_000;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.name = options.name;
  }

  /** Aborted when the server has ended the session: nothing it held is ours any more. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * Opens the session; a name that another live agent has gets a suffix. Throws ApiError when the
   * server refuses, and the signal's reason.
   */
  async open(signal: AbortSignal): Promise<void> {
    const { calls, onEvent, name } = this.#options;
    for (;;) {
      try {
        this.#note(await calls.untilAnswered(() => this.#send({ started: true }, signal), signal));
        return;
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 'name_in_use')) throw error;
        const instead = `${name}-${randomUUID().slice(0, 4)}`;
        onEvent({ type: 'name_taken', name: this.name, instead });
        this.name = instead;
      }
    }
  }

  /** Sends heartbeats until the session is over or the signal is aborted. Never rejects. */
  async keepBeating(signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, this.over]);
    let refused = '';
    let beganAt = performance.now();
    while (!until.aborted) {
      await this.#beatNow.wait(beganAt + this.#leaseMs / 3 - performance.now(), until);
      if (until.aborted) return;
      beganAt = performance.now();
      try {
        this.#note(await this.#options.calls.untilAnswered(() => this.#send({}, until), until));
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
    if (this.over.aborted) return;
    this.#over.abort();
    this.#options.onEvent({ type: 'session_lost', sessionId: this.id });
  }

  /** Says goodbye; gives up when the server is silent for `withinMs`: then the lease lapses. */
  async close(withinMs: number): Promise<void> {
    const late = AbortSignal.any([AbortSignal.timeout(withinMs), this.over]);
    await this.#options.calls
      .untilAnswered(() => this.#send({ ended: true }, late), late)
      .catch(() => {});
  }

  #send(kind: { started?: true; ended?: true }, signal: AbortSignal): Promise<HeartbeatReply> {
    const { client, pool, report } = this.#options;
    // A heartbeat that takes longer than its turn is lost: the next one says more.
    const turn = AbortSignal.timeout(this.#leaseMs / 3);
    return client.heartbeat({
      name: pool,
      session_id: this.id,
      body: { worker_name: this.name, host: hostname(), ...report(), ...kind },
      signal: AbortSignal.any([signal, turn]),
    });
  }

  #note(reply: HeartbeatReply): void {
    this.#leaseMs = reply.lease_seconds * 1_000;
    this.#options.onReply(reply, this);
  }
}

/** The server knows the session no longer. */
export function isEnded(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}
