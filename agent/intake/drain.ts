import type { AgentEvent } from '../events.ts';
import type { Bell } from '../pause.ts';

/** Whether an operator wants this agent to claim nothing more, by the last heartbeat's reply. */
export class Drain {
  readonly #onEvent: (event: AgentEvent) => void;
  readonly #bell: Bell;
  #isOn = false;

  /** @param bell Rung when there is reason to claim again. */
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
