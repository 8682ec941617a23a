import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type Client, UnreachableError } from '../../../client/index.ts';
import type { ClaimedRun } from '../../support/work.ts';

type Proposed = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'SCHEDULED' | 'CANCELLED';

const keyOf = ({ flow_run, attempt }: ClaimedRun): string => `${flow_run.id}.${attempt}`;

/**
 * An agent whose every request is timed by the test. It does what agent/ does: it retries with the
 * same ids until it is answered, adopts claims that it did not know, and drops claims that it lost.
 * It executes nothing, and only reports states.
 */
export class ApiAgent {
  session = randomUUID();
  readonly name: string;
  readonly pool: string;
  /** The claims that it believes to hold, by run and attempt. */
  readonly held = new Map<string, ClaimedRun>();
  /** Makes the agent silent from now on. */
  dead = false;
  readonly #client: Client;
  readonly #seen = new Set<string>();
  readonly #running = new Set<string>();
  readonly #toCancel = new Set<string>();
  #suspects = new Set<string>();

  constructor(client: Client, pool: string, name: string) {
    this.#client = client;
    this.pool = pool;
    this.name = name;
  }

  open(): Promise<unknown> {
    return this.#heartbeat({ started: true });
  }

  sayGoodbye(): Promise<unknown> {
    return this.#heartbeat({ ended: true });
  }

  /**
   * Sends one heartbeat. If the session has ended, the agent drops its claims and opens another
   * session.
   */
  async beat(): Promise<void> {
    try {
      const { lost, unknown, cancel } = await this.#heartbeat({});
      for (const { id, attempt } of cancel) this.#toCancel.add(`${id}.${attempt}`);
      for (const { id, attempt } of lost) this.held.delete(`${id}.${attempt}`);
      await this.#hearOf(unknown);
    } catch (error) {
      if (!isEnded(error)) throw error;
      await this.#beginAnew();
    }
  }

  /** Polls once, and repeats the same claim if there is no response. */
  async claim(limit: number, queue_names: string[] = []): Promise<ClaimedRun[]> {
    const body = {
      session_id: this.session,
      worker_name: this.name,
      claim_id: randomUUID(),
      limit,
      queue_names,
    };
    try {
      const { runs } = await untilAnswered((again) =>
        this.#client.claim({ name: this.pool, body: again ? { ...body, repeat: true } : body }),
      );
      for (const run of runs) this.#hold(run);
      return runs;
    } catch (error) {
      if (!isEnded(error)) throw error;
      await this.#beginAnew();
      return [];
    }
  }

  start = (run: ClaimedRun): Promise<string> => this.#propose(run, 'RUNNING');
  finish = (run: ClaimedRun): Promise<string> => this.#propose(run, 'COMPLETED');
  fail = (run: ClaimedRun): Promise<string> => this.#propose(run, 'FAILED');
  giveBack = (run: ClaimedRun): Promise<string> => this.#propose(run, 'SCHEDULED');
  cancelled = (run: ClaimedRun): Promise<string> => this.#propose(run, 'CANCELLED');

  /**
   * One round of a healthy agent: it brings the runs that it holds to their end, and polls once
   * more.
   */
  async live(): Promise<void> {
    await this.beat();
    await this.claim(10);
    for (const [key, run] of [...this.held]) {
      let answer = this.#running.has(key) ? 'ACCEPT' : await this.start(run);
      if (this.#toCancel.has(key)) answer = 'REJECT';
      if (answer === 'ACCEPT') answer = await this.finish(run);
      if (answer === 'REJECT') await this.cancelled(run);
    }
  }

  async #heartbeat(more: { started?: true; ended?: true }) {
    const runs = [...this.held.values()].map((run) => ({
      id: run.flow_run.id,
      attempt: run.attempt,
    }));
    const body = { worker_name: this.name, capacity: 10, runs, ...more };
    return untilAnswered(() =>
      this.#client.heartbeat({ name: this.pool, session_id: this.session, body }),
    );
  }

  async #beginAnew(): Promise<void> {
    this.held.clear();
    this.session = randomUUID();
    await this.open();
  }

  #hold(run: ClaimedRun): void {
    if (this.#seen.has(keyOf(run))) return;
    this.#seen.add(keyOf(run));
    this.held.set(keyOf(run), run);
  }

  /**
   * Adopts claims that it never saw. It gives back a claim that it dealt with and that is reported
   * twice.
   */
  async #hearOf(unknown: readonly ClaimedRun[]): Promise<void> {
    const suspects = new Set<string>();
    for (const run of unknown) {
      const key = keyOf(run);
      if (this.held.has(key)) continue;
      if (!this.#seen.has(key)) this.#hold(run);
      else if (this.#suspects.has(key)) await this.giveBack(run);
      else suspects.add(key);
    }
    this.#suspects = suspects;
  }

  async #propose(run: ClaimedRun, type: Proposed): Promise<string> {
    const body = {
      state: { type, state_details: { transition_id: randomUUID() } },
      claim_token: run.claim_token,
    };
    const { id } = run.flow_run;
    try {
      const { status } = await untilAnswered(() => this.#client.setState({ id, body }));
      if (type === 'RUNNING' && status === 'ACCEPT') this.#running.add(keyOf(run));
      else if (status !== 'REJECT') this.held.delete(keyOf(run));
      return status;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'claim_lost')) throw error;
      this.held.delete(keyOf(run));
      return 'claim_lost';
    }
  }
}

const isEnded = (error: unknown): boolean => error instanceof ApiError && error.status === 410;

/** True if there is no response, or one that says nothing: every caller must retry then. */
export async function untilAnswered<Reply>(
  ask: (again: boolean) => Promise<Reply>,
): Promise<Reply> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask(tries > 0);
    } catch (error) {
      const passes =
        error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500);
      if (!passes || tries >= 20) throw error;
      await pause(5);
    }
  }
}
