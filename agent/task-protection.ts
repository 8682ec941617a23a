import type { AgentEvent } from './events.ts';

/** Protection that nobody renews ends by itself: a task that hangs is not kept for ever. */
const PROTECTED_MINUTES = 60;
const RENEW_MS = 30 * 60_000;
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
    clearTimeout(this.#timer);
    if (this.#wanted) this.#protect();
    else this.#timer = setTimeout(() => void this.#put({ ProtectionEnabled: false }), this.#idleMs);
    this.#timer?.unref();
  }

  #protect(): void {
    void this.#put({ ProtectionEnabled: true, ExpiresInMinutes: PROTECTED_MINUTES });
    this.#timer = setTimeout(() => this.#protect(), RENEW_MS).unref();
  }

  async #put(state: object): Promise<void> {
    try {
      const response = await fetch(this.#url, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(state),
        signal: AbortSignal.timeout(5_000),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
    } catch (error) {
      if (this.#told) return;
      this.#told = true;
      const message = `ECS does not protect this task: ${(error as Error).message}`;
      this.#onEvent({ type: 'refused', message });
    }
  }
}
