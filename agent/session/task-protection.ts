import type { AgentEvent } from '../events.ts';
import type { Bell } from '../pause.ts';
import { protectTask } from './protect-task.ts';

/** Protection that nobody renews ends by itself: a task that hangs is not kept for ever. */
const PROTECTED_MINUTES = 60;

const TIMES = {
  renewMs: 30 * 60_000,
  /** It was refused: throttled, say. */
  againMs: 10_000,
  /** ECS bounds how often it may be told: short runs one after the other are one. */
  idleMs: 30_000,
  turnMs: 30 * 60_000,
  /** ECS looks for tasks to stop once or more in this time. */
  restMs: 60_000,
};

interface TaskProtectionOptions {
  /** `ECS_AGENT_URI`, as ECS sets it in every container. */
  readonly agentUri: string;
  readonly onEvent: (event: AgentEvent) => void;
  readonly random: () => number;
  /** Rung when there is reason to claim again. */
  readonly bell: Bell;
  readonly times?: Partial<typeof TIMES>;
}

/**
 * While runs are held, ECS is asked to spare this task when it scales in or deploys. A task that always
 * holds some would be spared for ever, and no deployment would end. So it makes way from time to time:
 *
 *    0 min  the first run is claimed, and the task is protected
 *   30 min  it has been protected ever since (a quarter of it less by chance: not all tasks at once):
 *           nothing more is claimed; what runs goes on, and is protected
 *    t      its last run has ended: protection is lifted at once
 *    t+60 s nobody wanted it to stop (SIGTERM): it claims again, and all begins anew
 *
 * DEPLOYMENT_BLOCKED says that more tasks are protected than the service is to have, so that one has to go:
 * then it makes way at once. Where protection is refused otherwise, it claims as if there were no ECS.
 */
export class TaskProtection {
  readonly #options: TaskProtectionOptions;
  readonly #times: typeof TIMES;
  #wanted = false;
  #makesWay = false;
  /** 0 while there is nothing to renew. */
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

  /** Nothing is to be claimed now. */
  get makesWay(): boolean {
    return this.#makesWay;
  }

  /** How many runs are held now. */
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
    // Not only once that is answered: a broken endpoint must not keep an agent from its work.
    this.#rest ??= setTimeout(() => this.#goOn(), this.#times.restMs).unref();
  }

  /** Nothing was held, and the task could be stopped, for long enough. */
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

  /** One after the other, and what is wanted by then. */
  #tell(): void {
    const { agentUri } = this.#options;
    this.#last = this.#last.then(async () => {
      const wanted = this.#wanted;
      this.#renewAt = 0;
      const refusal = await protectTask(agentUri, wanted ? PROTECTED_MINUTES : undefined);
      this.#note(refusal);
      if (wanted && refusal === 'DEPLOYMENT_BLOCKED') {
        this.#makeWay('more tasks are protected than the service is to have');
      }
      if (wanted && refusal === undefined) this.#protected();
      if (wanted !== this.#wanted) return; // That is told next.
      if (refusal !== undefined) this.#tellIn(this.#times.againMs);
      else if (wanted) this.#tellIn(this.#times.renewMs);
      else this.#rest ??= setTimeout(() => this.#goOn(), this.#times.restMs).unref();
    });
  }

  #protected(): void {
    const { renewMs, turnMs } = this.#times;
    this.#renewAt = performance.now() + renewMs;
    const ms = turnMs * (1 - this.#options.random() / 4);
    const reason = `it was protected for ${Math.round(ms / 60_000)} min`;
    this.#turn ??= setTimeout(() => this.#makeWay(reason), ms).unref();
  }

  /** Each refusal is said once, until it is another or none. */
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
