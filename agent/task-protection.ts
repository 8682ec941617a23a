import type { AgentEvent } from './events.ts';

/** Protection that nobody renews ends by itself: a task that hangs is not kept for ever. */
const PROTECTED_MINUTES = 60;
const RENEW_MS = 30 * 60_000;
/** It was refused: throttled, say. */
const AGAIN_MS = 10_000;
/** ECS bounds how often it may be told: short runs one after the other are one. */
const IDLE_MS = 30_000;

/**
 * While runs are held, ECS is asked to spare this task when it scales in or deploys.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export class TaskProtection {
  readonly #url: string;
  readonly #onEvent: (event: AgentEvent) => void;
  readonly #idleMs: number;
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;
  #told = false;
  #last: Promise<void> = Promise.resolve();

  /** @param agentUri `ECS_AGENT_URI`, as ECS sets it in every container. */
  constructor(agentUri: string, onEvent: (event: AgentEvent) => void, idleMs = IDLE_MS) {
    this.#url = `${agentUri}/task-protection/v1/state`;
    this.#onEvent = onEvent;
    this.#idleMs = idleMs;
  }

  /** How many runs are held now. */
  hold(runs: number): void {
    if (runs > 0 === this.#wanted) return;
    this.#wanted = runs > 0;
    if (this.#wanted) this.#tellIn(0);
    else this.#tellIn(this.#idleMs);
  }

  #tellIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), ms).unref();
  }

  /** One after the other, and what is wanted by then. */
  #tell(): void {
    this.#last = this.#last.then(async () => {
      const wanted = this.#wanted;
      const taken = await this.#put(
        wanted
          ? { ProtectionEnabled: true, ExpiresInMinutes: PROTECTED_MINUTES }
          : { ProtectionEnabled: false },
      );
      if (!taken) this.#tellIn(AGAIN_MS);
      else if (wanted) this.#tellIn(RENEW_MS);
    });
  }

  async #put(state: object): Promise<boolean> {
    try {
      const response = await fetch(this.#url, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(state),
        signal: AbortSignal.timeout(5_000),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
      return true;
    } catch (error) {
      if (!this.#told) {
        const message = `ECS does not protect this task: ${(error as Error).message}`;
        this.#onEvent({ type: 'refused', message });
      }
      this.#told = true;
      return false;
    }
  }
}
