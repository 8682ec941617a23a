import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { apiHeaders } from '../client/api-headers.ts';
import { createClient } from '../client/index.ts';
import { type AgentOptions, limitOf, timeoutOf } from './agent-options.ts';
import { createCalls } from './calls.ts';
import type { AgentEvent } from './events.ts';
import { Execution, type ExecutionOptions } from './execution/execution.ts';
import { createGiveBack } from './execution/give-back.ts';
import { HeldRuns } from './execution/held-runs.ts';
import { createTemplateSource } from './execution/job-template.ts';
import { createPropose } from './execution/propose.ts';
import { Drain } from './intake/drain.ts';
import { Intake } from './intake/intake.ts';
import { Poller } from './intake/poller.ts';
import { LogShipper } from './logs/log-shipper.ts';
import { Bell, pause } from './pause.ts';
import type { Session } from './session/session.ts';
import { Sessions } from './session/sessions.ts';
import { openStateFile } from './session/state-file.ts';
import { TaskProtection } from './session/task-protection.ts';
import type { Claim } from './wire.ts';

export interface Agent {
  /** The id of the current session. It changes when a session is over and the next one opens. */
  readonly sessionId: string;
  readonly name: string;
  /**
   * Resolves when the first session is open. Rejects with ApiError if the server refuses the
   * session (an unknown pool is a 404), and rejects if the agent is stopped before.
   */
  readonly ready: Promise<void>;
  /**
   * Resolves when the agent has stopped: after `stop`, or because it could not start. Never
   * rejects.
   */
  readonly stopped: Promise<void>;
  /**
   * Stops the agent: it claims no more runs, lets its runs end (for as long as `drainSeconds`
   * says), and ends its session. With `kill`, which a second call may add, it kills its runs
   * instead and reports them as CRASHED. Resolves when `stopped` does.
   */
  stop(options?: { readonly kill?: boolean }): Promise<void>;
}

/** A stopping agent waits this long for the response to its last claim, to give those runs back. */
const LAST_CLAIM_MS = 10_000;
/** A flow may have printed much before its end. An agent that is killed waits less. */
const LAST_LOGS_MS = 10_000;
const KILLED_LOGS_MS = 2_000;
const GOODBYE_MS = 5_000;
const KILLED_REPORTS_MS = 5_000;

/**
 * Starts an agent: it opens a session, claims runs of the pool and executes each run in its own
 * process.
 * @throws RangeError for a limit that no agent can have
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
  readonly #logs: LogShipper;
  readonly #held = new HeldRuns();
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  /** Aborted when the agent no longer waits for the response to a claim. */
  readonly #claimsEnd = new AbortController();
  /** Aborted when the agent sends nothing more. */
  readonly #silence = new AbortController();
  readonly #execution: Omit<ExecutionOptions, 'session'>;
  readonly #intake: Intake;
  readonly #poller: Poller;
  readonly #protection: TaskProtection | undefined;
  readonly #sessions: Sessions;
  #isKilled = false;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#limit = limitOf(options);
    const { url, pool, queues = [], random = Math.random } = options;
    const onEvent = (event: AgentEvent) => options.onEvent?.(event);
    const client = createClient({ url, headers: apiHeaders(), ...timeoutOf(options) });
    const checkLease = () => this.#sessions.current.checkLease();
    const calls = createCalls({ url, onEvent, random, checkLease });
    const propose = createPropose(client, calls);
    const silence = this.#silence.signal;
    const giveBack = createGiveBack({ propose, onEvent, silence });
    const template = createTemplateSource({ client, calls, pool, signal: silence });
    const room = () => this.#limit - this.#held.size;
    const bell = this.#bell;
    const drain = new Drain(onEvent, bell);
    const { ecsAgentUri: agentUri } = options;
    this.#protection = agentUri
      ? new TaskProtection({ agentUri, onEvent, random, bell })
      : undefined;
    const logs = new LogShipper(client, calls);
    this.#logs = logs;
    this.#execution = { url, client, calls, propose, template, logs, giveBack, onEvent };
    const intake = new Intake({
      held: this.#held,
      giveBack,
      onEvent,
      room,
      stopping: () => this.#stopping.signal.aborted,
      outstanding: () => this.#poller.outstanding,
      start: (claim, session) => this.#start(claim, session),
    });
    this.#intake = intake;
    const take = intake.take.bind(intake);
    const wanted = () => (drain.isOn || this.#protection?.makesWay ? 0 : room());
    this.#poller = new Poller({ client, calls, pool, queues, random, onEvent, wanted, take, bell });
    this.#sessions = new Sessions({
      client,
      calls,
      pool,
      name: options.name ?? `${hostname()}-${randomBytes(3).toString('hex')}`,
      onEvent,
      report: () => ({
        capacity: this.#stopping.signal.aborted ? 0 : this.#limit,
        runs: this.#held.list(),
      }),
      onReply: (reply, session) => {
        drain.hear(reply.draining);
        intake.hear(reply, session);
      },
      openStateFile: () => this.#openStateFile(),
    });
    this.ready = this.#sessions.openFirst(this.#stopping.signal);
    this.stopped = this.ready
      .then(
        () => this.#live().then(() => true),
        () => false,
      )
      .then((lived) => this.#end(lived));
  }

  get sessionId(): string {
    return this.#sessions.current.id;
  }

  get name(): string {
    return this.#sessions.current.name;
  }

  stop({ kill = false }: { readonly kill?: boolean } = {}): Promise<void> {
    if (!this.#stopping.signal.aborted) {
      this.#emit({ type: 'draining', runs: this.#held.size });
      this.#stopping.abort(new Error('The agent was stopped.'));
      this.#sessions.current.beatNow();
      void pause(LAST_CLAIM_MS, this.#claimsEnd.signal).then(() => this.#claimsEnd.abort());
      for (const execution of this.#held.executions) execution.drain();
      void this.#giveBackInTime();
    }
    if (kill) this.#kill();
    return this.stopped;
  }

  async #giveBackInTime(): Promise<void> {
    const { drainSeconds } = this.#options;
    if (drainSeconds === undefined) return;
    await pause(drainSeconds * 1_000, this.#silence.signal);
    for (const execution of this.#held.executions) execution.handBack();
  }

  #kill(): void {
    this.#isKilled = true;
    this.#claimsEnd.abort();
    for (const execution of this.#held.executions) execution.kill();
    void pause(KILLED_REPORTS_MS, this.#silence.signal).then(() => {
      for (const execution of this.#held.executions) execution.lose('the server does not answer');
      this.#silence.abort();
    });
  }

  /** Serves one session after the other until the agent stops. */
  async #live(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#serve(this.#sessions.current);
      if (!this.#stopping.signal.aborted) await this.#sessions.openNext(this.#stopping.signal);
    }
  }

  /**
   * Sends heartbeats and polls for one session. Returns when the agent stops and its runs have
   * ended, or when the session is over and its children are gone.
   */
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
    if (!session.over.aborted) await this.#sessions.close(GOODBYE_MS);
  }

  /** A random name is never used again, so an agent with one stores no state. */
  async #openStateFile() {
    const { url, pool, name, stateDir } = this.#options;
    if (name === undefined) return undefined;
    const onFault = (path: string, reason: string) =>
      this.#emit({ type: 'state_unusable', path, reason });
    return openStateFile({ url, pool, name, stateDir, onFault });
  }

  #start(claim: Claim, session: Session): void {
    const execution = new Execution(claim, { ...this.#execution, session });
    this.#held.add(execution);
    this.#protection?.hold(this.#held.size);
    void execution.done.then(() => {
      this.#held.remove(execution);
      this.#protection?.hold(this.#held.size);
      this.#bell.ring();
    });
  }

  async #end(lived: boolean): Promise<void> {
    const lines = await this.#logs.close(this.#isKilled ? KILLED_LOGS_MS : LAST_LOGS_MS);
    if (lines > 0) this.#emit({ type: 'lines_lost', lines });
    this.#claimsEnd.abort();
    this.#silence.abort();
    this.#sessions.release();
    if (lived) this.#emit({ type: 'stopped' });
  }

  #emit(event: AgentEvent): void {
    this.#options.onEvent?.(event);
  }
}
