interface Hedge {
  /** Another try goes out so long after the one before, while none is answered. */
  readonly everyMs: number;
  readonly atMost: number;
  /** Whether an error is an answer, too: then no other is waited for. */
  readonly isAnswer: (error: unknown) => boolean;
}

/**
 * The first answer to several tries of the same idempotent request: one that hangs, for its packets
 * are lost and not refused, must not cost the time in which another would be answered. Rejects with
 * an error that is an answer, or when no try is left.
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
