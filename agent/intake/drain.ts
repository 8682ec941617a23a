import type { AgentEvent } from '../events.ts';
import type { Bell } from '../pause.ts';

/**
 * Knows from the last heartbeat's response whether an operator told this agent to claim no more
 * runs.
 */
export class Drain {
  readonly #onEvent: (event: AgentEvent) => void;
  readonly #bell: Bell;
  #isOn = false;

  /** @param bell Rung when the agent may claim runs again. */
  constructor(onEvent: (event: AgentEvent) => void, bell: Bell) {
    this.#onEvent = onEvent;
    this.#bell = bell;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  hear(draining: boolean): void {
    if (draining === this.#isOn) return;
    this.#isOn = draining;
    this.#onEvent({ type: draining ? 'drained' : 'undrained' });
    if (!draining) this.#bell.ring();
  }
}
