/** Node cannot time longer: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Settles after `ms` (at most 24 days), or as soon as the signal is aborted. Never rejects: look at
 * the signal.
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, Math.min(ms, LONGEST_MS)));
    signal?.addEventListener('abort', done);
  });
}

/**
 * A bell: it wakes who waits for it. A ring that nobody waited for is remembered, once, so that
 * none falls between looking and waiting.
 */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** For one waiter at a time. True when it rang, false when `ms` went by or the signal came. */
  async wait(ms: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.#rung) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await pause(ms, signal ? AbortSignal.any([woken.signal, signal]) : woken.signal);
      this.#wake = undefined;
    }
    const rang = this.#rung;
    this.#rung = false;
    return rang;
  }
}
