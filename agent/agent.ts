import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { ApiError, type Client, createClient } from '../client/index.ts';
import { LIMITS } from '../core/limits.ts';
import { type Calls, createCalls } from './calls.ts';
import type { Claim } from './claim.ts';
import type { AgentEvent } from './events.ts';
import { Execution, type ExecutionOptions } from './execution.ts';
import { createGiveBack } from './give-back.ts';
import { HeldRuns } from './held-runs.ts';
import { Intake } from './intake.ts';
import { createTemplateSource } from './job-template.ts';
import { LogShipper } from './log-shipper.ts';
import { Bell, pause } from './pause.ts';
import { Poller } from './poller.ts';
import { createPropose } from './propose.ts';
import { Session } from './session.ts';

export interface AgentOptions {
  /** As `PREFECT_API_URL`: `http://127.0.0.1:4200/api`. */
  readonly url: string;
  readonly pool: string;
  /** Default: all queues of the pool. */
  readonly queues?: readonly string[];
  /** Runs at once, 1 to 1,000. Default: the number of cores. */
  readonly limit?: number;
  /** Default: `<hostname>-<6 random characters>`. A name that is taken gets a suffix. */
  readonly name?: string;
  /** Called with each event. It must not throw. */
  readonly onEvent?: (event: AgentEvent) => void;
  /** In [0, 1): spreads polls and retries. */
  readonly random?: () => number;
}

export interface Agent {
  /** Of the session that is open now; it changes when the server ends one. */
  readonly sessionId: string;
  readonly name: string;
  /**
   * Settles when the first session is open. Rejects with ApiError when the server refuses it (an
   * unknown pool is a 404), and when the agent is stopped before.
   */
  readonly ready: Promise<void>;
  /** Settles when the agent has stopped: by `stop`, or because it could not start. Never rejects. */
  readonly stopped: Promise<void>;
  /**
   * Claims no more, lets what runs end, says goodbye. With `kill`, also afterwards: kills what runs
   * and reports it CRASHED. Settles as `stopped` does.
   */
  stop(options?: { readonly kill?: boolean }): Promise<void>;
}

/** A claim that is under way when the agent stops is waited for, so that it can be given back. */
const LAST_CLAIM_MS = 10_000;
const LAST_LOGS_MS = 2_000;
const GOODBYE_MS = 5_000;
const KILLED_REPORTS_MS = 5_000;
const REFUSED_MS = 10_000;

/**
 * Starts an agent: it opens a session, claims runs of the pool and executes each in a process of its
 * own. Throws RangeError for a limit it cannot have.
 *
 * @example
 * const agent = startAgent({ url: 'http://127.0.0.1:4200/api', pool: 'my-pool' });
 * await agent.ready;
 * process.once('SIGTERM', () => agent.stop());
 * await agent.stopped;
 */
export function startAgent(options: AgentOptions): Agent {
  return new PollingAgent(options);
}

class PollingAgent implements Agent {
  readonly ready: Promise<void>;
  readonly stopped: Promise<void>;
  readonly #options: AgentOptions;
  readonly #limit: number;
  readonly #client: Client;
  readonly #calls: Calls;
  readonly #logs: LogShipper;
  readonly #held = new HeldRuns();
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  /** A claim that is under way is not waited for any longer. */
  readonly #claimsEnd = new AbortController();
  /** Nothing is sent any more. */
  readonly #silence = new AbortController();
  readonly #execution: Omit<ExecutionOptions, 'over'>;
  readonly #intake: Intake;
  readonly #poller: Poller;
  #session: Session;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#limit = checkedLimit(options.limit ?? availableParallelism());
    const { url, pool, queues = [], random = Math.random } = options;
    const onEvent = (event: AgentEvent) => options.onEvent?.(event);
    const client = createClient({ url });
    const calls = createCalls({ url, onEvent, random });
    const propose = createPropose(client, calls);
    const { signal } = this.#silence;
    const giveBack = createGiveBack({ propose, onEvent, signal });
    const template = createTemplateSource({ client, calls, pool, signal });
    const room = () => this.#limit - this.#held.size;
    this.#client = client;
    this.#calls = calls;
    this.#logs = new LogShipper(client, calls);
    this.#execution = {
      url,
      client,
      calls,
      propose,
      template,
      logs: this.#logs,
      giveBack,
      onEvent,
    };
    this.#intake = new Intake({
      held: this.#held,
      giveBack,
      onEvent,
      room,
      stopping: () => this.#stopping.signal.aborted,
      outstanding: () => this.#poller.outstanding,
      start: (claim, session) => this.#start(claim, session),
    });
    const take = this.#intake.take.bind(this.#intake);
    const bell = this.#bell;
    this.#poller = new Poller({ client, calls, pool, queues, random, onEvent, room, take, bell });
    this.#session = this.#newSession(
      options.name ?? `${hostname()}-${randomBytes(3).toString('hex')}`,
    );
    this.ready = this.#session.open(this.#stopping.signal);
    this.stopped = this.ready
      .then(
        () => this.#live().then(() => true),
        () => false,
      )
      .then((lived) => this.#end(lived));
  }

  get sessionId(): string {
    return this.#session.id;
  }

  get name(): string {
    return this.#session.name;
  }

  stop({ kill = false }: { readonly kill?: boolean } = {}): Promise<void> {
    if (!this.#stopping.signal.aborted) {
      this.#emit({ type: 'draining', runs: this.#held.size });
      this.#stopping.abort(new Error('The agent was stopped.'));
      this.#session.beatNow();
      void pause(LAST_CLAIM_MS, this.#claimsEnd.signal).then(() => this.#claimsEnd.abort());
      for (const execution of this.#held.executions) execution.drain();
    }
    if (kill) this.#kill();
    return this.stopped;
  }

  #kill(): void {
    this.#claimsEnd.abort();
    for (const execution of this.#held.executions) execution.kill();
    void pause(KILLED_REPORTS_MS, this.#silence.signal).then(() => {
      for (const execution of this.#held.executions) execution.lose('the server is silent');
      this.#silence.abort();
    });
  }

  /** Serves one session after the other until the agent stops. */
  async #live(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#serve(this.#session);
      if (this.#stopping.signal.aborted) return;
      this.#session = this.#newSession(this.#session.name);
      await this.#reopen(this.#session);
    }
  }

  /** Until the agent stops and its runs have ended, or the server ends the session. */
  async #serve(session: Session): Promise<void> {
    const { pool } = this.#options;
    const { id: sessionId, name } = session;
    this.#emit({ type: 'session_opened', sessionId, name, pool, limit: this.#limit });
    const served = new AbortController();
    const beating = session.keepBeating(served.signal);
    await this.#poller.poll(session, this.#stopping.signal, this.#claimsEnd.signal);
    while (this.#held.size > 0) await Promise.all(this.#held.executions.map(({ done }) => done));
    await this.#intake.idle();
    served.abort();
    await beating;
    if (!session.over.aborted) await session.close(GOODBYE_MS);
  }

  async #reopen(session: Session): Promise<void> {
    const { signal } = this.#stopping;
    let refused = '';
    while (!signal.aborted) {
      try {
        return await session.open(signal);
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof ApiError ? error.message : String(error);
        if (message !== refused) this.#emit({ type: 'refused', message });
        refused = message;
        await pause(REFUSED_MS, signal);
      }
    }
  }

  #newSession(name: string): Session {
    return new Session({
      client: this.#client,
      calls: this.#calls,
      pool: this.#options.pool,
      name,
      onEvent: (event) => this.#emit(event),
      report: () => ({
        capacity: this.#stopping.signal.aborted ? 0 : this.#limit,
        runs: this.#held.list(),
      }),
      onReply: (reply, session) => this.#intake.hear(reply, session),
    });
  }

  #start(claim: Claim, session: Session): void {
    const execution = new Execution(claim, { ...this.#execution, over: session.over });
    this.#held.add(execution);
    void execution.done.then(() => {
      this.#held.remove(execution);
      this.#bell.ring();
    });
  }

  async #end(lived: boolean): Promise<void> {
    await this.#logs.close(LAST_LOGS_MS);
    this.#claimsEnd.abort();
    this.#silence.abort();
    if (lived) this.#emit({ type: 'stopped' });
  }

  #emit(event: AgentEvent): void {
    this.#options.onEvent?.(event);
  }
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.runsPerSession) return limit;
  throw new RangeError(`An agent runs 1 to ${LIMITS.runsPerSession} runs at once, not ${limit}.`);
}
