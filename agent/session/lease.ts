import type { HeartbeatReply } from '../wire.ts';

/** Until the first reply says. */
const LEASE_MS = 30_000;

/**
 * What is left of a session's lease, by our own clock.
 *
 * The server counts the lease from when it serves a heartbeat, and that is not before we sent it. So
 * it cannot lapse before the sending of the last heartbeat that was answered, plus the lease. With
 * `stop` the session is given up a sixth earlier, so that its children are dead by then for sure:
 *
 *    0 s  a heartbeat is sent, and answered later
 *   10 s  the next one is due, and tried until it is answered (see `backoff`)
 *   25 s  none was answered: the session is spent, its children are killed
 *   30 s  the earliest that the server can let the lease lapse, and others claim its runs
 *
 * The clock is monotonic: nobody sets it. But it may stand still while the machine is suspended, and
 * this process may be frozen between a look at it and what follows. The server's fence answers for
 * both: the token of a claim that was taken back is refused.
 */
export class Lease {
  readonly #onSpent: () => void;
  #ms = LEASE_MS;
  #onLoss: HeartbeatReply['on_lease_loss'] = 'stop';
  #renewedAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param onSpent Called once no time is left, unless the pool says `keep`. */
  constructor(onSpent: () => void) {
    this.#onSpent = onSpent;
  }

  /** A heartbeat that was sent at this time was answered. */
  renew(sentAt: number, { lease_seconds, on_lease_loss }: HeartbeatReply): void {
    this.#ms = lease_seconds * 1_000;
    this.#onLoss = on_lease_loss;
    this.#renewedAt = sentAt;
    this.#watch();
  }

  /**
   * Looks at the clock. The timer alone would not do: after the process was frozen, or its event loop
   * was blocked, whatever else waited may come first.
   */
  check(): void {
    if (this.#onLoss !== 'keep' && this.#leftMs() <= 0) this.#onSpent();
  }

  /** There is nothing to give up any more. */
  release(): void {
    clearTimeout(this.#timer);
    this.#renewedAt = Number.POSITIVE_INFINITY;
  }

  /** Between two heartbeats. No try takes longer. Whole, for `AbortSignal.timeout` takes no fractions. */
  get turnMs(): number {
    return Math.floor(this.#ms / 3);
  }

  /**
   * A try that is not answered within a second gets company: where packets are lost in silence, 15
   * tries fit between 10 s and 25 s, rather than two that hang.
   */
  get hedgeMs(): number {
    return this.#ms / 30;
  }

  /** When the last heartbeat that was answered was sent. */
  get renewedAt(): number {
    return this.#renewedAt;
  }

  /**
   * How tries of a heartbeat follow each other while it can still save the lease: after 0.25, 0.5, 1,
   * 1… s, the half of each left to chance. Where tries fail at once, 17 to 26 fit between 10 s and
   * 25 s. When each is lost with probability 0.3, 17 in a row are once in 800 million: 20 agents, who
   * send 1,200 heartbeats in ten minutes, lose no lease. With pauses of up to 5 s, as elsewhere, 7 to
   * 9 fit, and one lease would be lost in a dozen such ten minutes. Undefined when it is too late.
   */
  get backoff(): { firstMs: number; capMs: number } | undefined {
    if (this.#leftMs() <= 0) return undefined;
    return { firstMs: this.#ms / 120, capMs: this.#ms / 30 };
  }

  #leftMs(): number {
    return this.#renewedAt + (this.#ms * 5) / 6 - performance.now();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#onLoss === 'keep' || !Number.isFinite(this.#renewedAt)) return;
    this.#timer = setTimeout(
      () => {
        this.check();
        // A timer may be a millisecond early.
        this.#watch();
      },
      Math.max(0, this.#leftMs()),
    );
  }
}
