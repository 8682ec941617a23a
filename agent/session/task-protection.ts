import type { AgentEvent } from '../events.ts';
import type { Bell } from '../pause.ts';
import { protectTask } from './protect-task.ts';

/**
 * Protection ends by itself if it is not renewed, so that a task that hangs is not kept forever.
 */
const PROTECTED_MINUTES = 60;

const TIMES = {
  renewMs: 30 * 60_000,
  /** The pause after a refusal, such as throttling. */
  againMs: 10_000,
  /** ECS limits the rate of these requests, so protection stays on between short runs in a row. */
  idleMs: 30_000,
  turnMs: 30 * 60_000,
  /** In this time, ECS looks at least once for tasks to stop. */
  restMs: 60_000,
};

interface TaskProtectionOptions {
  /** `ECS_AGENT_URI`, as ECS sets it in every container. */
  readonly agentUri: string;
  readonly onEvent: (event: AgentEvent) => void;
  readonly random: () => number;
  /** Rung when the agent may claim runs again. */
  readonly bell: Bell;
  readonly times?: Partial<typeof TIMES>;
}

/**
 * While the agent holds runs, it asks ECS not to stop this task when the service scales in or
 * deploys. A task that always holds runs would be protected forever, and no deployment would end.
 * So the agent makes way from time to time:
 *
 *    0 min  the agent claims its first run, and the task is protected
 *   30 min  the task has been protected all the time (up to a quarter less, at random, so that not
 *           all tasks make way together): the agent claims no more runs; its runs continue, protected
 *    t      the last run has ended: the protection ends at once
 *    t+60 s ECS did not stop the task (SIGTERM): the agent claims runs again, and all begins anew
 *
 * DEPLOYMENT_BLOCKED means that more tasks are protected than the service should have, so one of
 * them must stop: then the agent makes way at once. If ECS refuses protection for another reason,
 * the agent claims runs as if there were no ECS.
 */
export class TaskProtection {
  readonly #options: TaskProtectionOptions;
  readonly #times: typeof TIMES;
  #wanted = false;
  #makesWay = false;
  /** When to renew the protection. 0 while there is nothing to renew. */
  #renewAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Timeout | undefined;
  #rest: NodeJS.Timeout | undefined;
  #refused = '';
  #last: Promise<void> = Promise.resolve();

  constructor(options: TaskProtectionOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
  }

  /** True while the agent must claim no runs. */
  get makesWay(): boolean {
    return this.#makesWay;
  }

  /** Call this with the number of held runs whenever it changes. */
  hold(runs: number): void {
    if (runs > 0 === this.#wanted) return;
    this.#wanted = runs > 0;
    if (this.#wanted) {
      this.#rest = clear(this.#rest);
      this.#tellIn(this.#renewAt - performance.now());
    } else if (this.#makesWay) this.#letGo();
    else this.#tellIn(this.#times.idleMs);
  }

  #makeWay(reason: string): void {
    if (this.#makesWay) return;
    this.#makesWay = true;
    this.#options.onEvent({ type: 'makes_way', reason });
    if (!this.#wanted) this.#letGo();
  }

  #letGo(): void {
    this.#tellIn(0);
    // Does not wait for the response: a broken endpoint must not keep the agent from its work.
    this.#rest ??= setTimeout(() => this.#goOn(), this.#times.restMs).unref();
  }

  /** Called when the task could have been stopped for long enough: the agent claims runs again. */
  #goOn(): void {
    this.#rest = undefined;
    this.#turn = clear(this.#turn);
    if (!this.#makesWay) return;
    this.#makesWay = false;
    this.#options.onEvent({ type: 'claims_again' });
    this.#options.bell.ring();
  }

  #tellIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), ms).unref();
  }

  /** Sends requests one after the other. Each asks for what is wanted at the time it is sent. */
  #tell(): void {
    const { agentUri } = this.#options;
    this.#last = this.#last.then(async () => {
      const wanted = this.#wanted;
      this.#renewAt = 0;
      const refusal = await protectTask(agentUri, wanted ? PROTECTED_MINUTES : undefined);
      this.#note(refusal);
      if (wanted && refusal === 'DEPLOYMENT_BLOCKED') {
        this.#makeWay('more tasks are protected than the service should have');
      }
      if (wanted && refusal === undefined) this.#protected();
      if (wanted !== this.#wanted) return; // The next request asks for it.
      if (refusal !== undefined) this.#tellIn(this.#times.againMs);
      else if (wanted) this.#tellIn(this.#times.renewMs);
      else this.#rest ??= setTimeout(() => this.#goOn(), this.#times.restMs).unref();
    });
  }

  #protected(): void {
    const { renewMs, turnMs } = this.#times;
    this.#renewAt = performance.now() + renewMs;
    const ms = turnMs * (1 - this.#options.random() / 4);
    const reason = `the task was protected for ${Math.round(ms / 60_000)} min`;
    this.#turn ??= setTimeout(() => this.#makeWay(reason), ms).unref();
  }

  /** Reports a refusal once, until the reason changes or ECS accepts. */
  #note(refusal: string | undefined): void {
    if (refusal !== undefined && refusal !== this.#refused) {
      this.#options.onEvent({ type: 'unprotected', reason: refusal });
    }
    this.#refused = refusal ?? '';
  }
}

function clear(timer: NodeJS.Timeout | undefined): undefined {
  clearTimeout(timer);
}
