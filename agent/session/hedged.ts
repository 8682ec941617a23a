interface Hedge {
  /** While no try has an answer, the next one is sent this long after the one before. */
  readonly everyMs: number;
  readonly atMost: number;
  /** True for an error that counts as an answer, after which no other answer is awaited. */
  readonly isAnswer: (error: unknown) => boolean;
}

/**
 * Sends the same idempotent request several times and returns the first answer. A try hangs if its
 * packets are lost instead of refused. Waiting for it alone would waste the time in which another
 * try could be answered. Rejects with an error that counts as an answer, or when no try is left.
 */
export function hedged<T>(send: () => Promise<T>, hedge: Hedge): Promise<T> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let pending = 0;
    const tryOnce = () => {
      sent += 1;
      pending += 1;
      if (sent >= hedge.atMost) clearInterval(timer);
      send().then(
        (answer) => {
          clearInterval(timer);
          resolve(answer);
        },
        (error: unknown) => {
          pending -= 1;
          if (pending > 0 && !hedge.isAnswer(error)) return;
          clearInterval(timer);
          reject(error);
        },
      );
    };
    const timer = setInterval(tryOnce, hedge.everyMs);
    tryOnce();
  });
}
