/** The longest time that Node's timers can wait: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Resolves after `ms` (at most 24 days), or as soon as the signal is aborted. Never rejects: check
 * the signal afterwards.
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
 * A bell, which wakes the caller that waits for it. If nobody is waiting, the bell remembers one
 * ring, so that no ring is lost between checking a condition and waiting.
 */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /**
   * Waits for a ring. For one waiter at a time. Returns true if the bell rang, and false if `ms`
   * passed or the signal was aborted.
   */
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
