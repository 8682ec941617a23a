import type { StateProposal } from '../wire.ts';

/** Not a final state: the run goes back to its queue. */
export const HANDED_BACK: StateProposal = { type: 'SCHEDULED' };

/**
 * What was decided about an execution from outside: that the agent no longer holds the run, how the
 * run ends whatever its child still reports, or that the agent stops once its runs have ended.
 */
export class Verdict {
  readonly #gone = new AbortController();
  readonly #decided = new AbortController();
  readonly #draining = new AbortController();
  #state: StateProposal | undefined;

  /** Aborted when this agent no longer holds the run: then nothing more is reported. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Aborted when the agent stops: a run that waits for its retry is then given back. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** The outcome that was decided, if one was: the first decision counts. */
  get state(): StateProposal | undefined {
    return this.#state;
  }

  /** Whether the run ends in a state that was decided, rather than going back to its queue. */
  get isFinal(): boolean {
    return this.#state !== undefined && this.#state !== HANDED_BACK;
  }

  /** A signal that wakes a waiting run: it is no longer held, or its outcome is decided. */
  stirred(): AbortSignal {
    return AbortSignal.any([this.#gone.signal, this.#decided.signal]);
  }

  decide(state: StateProposal): void {
    this.#state ??= state;
    this.#decided.abort();
  }

  lose(): void {
    this.#gone.abort();
  }

  drain(): void {
    this.#draining.abort();
  }
}
