import { NUMBERS } from '../../model/values/numbers.ts';
import type { HeartbeatReply } from '../wire.ts';

/** The longest lease, which is assumed until the first response gives its length. */
const LEASE_MS = NUMBERS.lease / 1_000;

/**
 * Measures, by the agent's own clock, how much of a session's lease is left.
 *
 * The server counts the lease from the moment when it serves a heartbeat, which is after the agent
 * sent it. So the lease cannot expire earlier than its length after the agent sent the last
 * heartbeat that was answered. With `stop`, the agent gives the session up a sixth of the lease
 * earlier, so that its children are certainly dead when the lease expires:
 *
 *    0 s  a heartbeat is sent, and answered later
 *   10 s  the next heartbeat is due, and retried until it is answered (see `backoff`)
 *   25 s  no heartbeat was answered: the session is given up, and its children are killed
 *   30 s  the earliest time at which the server's lease can expire and others can claim its runs
 *
 * The clock is monotonic, so nobody can set it. But it may stand still while the machine is
 * suspended, and this process may be frozen between a look at the clock and the step that follows.
 * The server's fencing covers both cases: it refuses the token of a claim that was taken back.
 */
export class Lease {
  readonly #onSpent: () => void;
  #ms = LEASE_MS;
  #onLoss: HeartbeatReply['on_lease_loss'] = 'stop';
  #renewedAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param onSpent Called when no time is left, unless the pool's setting is `keep`. */
  constructor(onSpent: () => void) {
    this.#onSpent = onSpent;
  }

  /** Renews the lease: the server answered a heartbeat that was sent at `sentAt`. */
  renew(sentAt: number, { lease_seconds, on_lease_loss }: HeartbeatReply): void {
    const ms = lease_seconds * 1_000;
    // No server's lease is longer, and to assume a shorter one is safe. What is no duration changes
    // nothing, so that the time that is left is always a number.
    if (ms > 0) this.#ms = Math.min(ms, LEASE_MS);
    this.#onLoss = on_lease_loss;
    this.#renewedAt = sentAt;
    this.#watch();
  }

  /**
   * Checks the clock. The timer alone is not enough: after the process was frozen, or its event
   * loop was blocked, other waiting callbacks may run before the timer's.
   */
  check(): void {
    if (this.#onLoss !== 'keep' && this.#leftMs() <= 0) this.#onSpent();
  }

  /** Stops the clock, because the session is over. */
  release(): void {
    clearTimeout(this.#timer);
    this.#renewedAt = Number.POSITIVE_INFINITY;
  }

  /**
   * The time between two heartbeats, and the timeout of each try. It is a whole number, because
   * `AbortSignal.timeout` accepts no fractions.
   */
  get turnMs(): number {
    return Math.floor(this.#ms / 3);
  }

  /**
   * If a try is not answered within a second, another one is sent beside it. If packets are lost
   * silently, 15 tries fit between 10 s and 25 s, instead of two tries that hang.
   */
  get hedgeMs(): number {
    return this.#ms / 30;
  }

  /** The time when the last answered heartbeat was sent. */
  get renewedAt(): number {
    return this.#renewedAt;
  }

  /**
   * The pauses between the tries of a heartbeat while it can still save the lease: 0.25, 0.5, 1, 1…
   * s, half of each random. If tries fail at once, 17 to 26 of them fit between 10 s and 25 s. If
   * each try is lost with probability 0.3, then 17 in a row are lost once in 800 million: 20
   * agents, which send 1,200 heartbeats in ten minutes, lose no lease. With the pauses of up to 5 s
   * used elsewhere, 7 to 9 tries fit, and one lease would be lost in a dozen such periods of ten
   * minutes. Undefined when it is too late.
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
        // A timer may fire a millisecond early.
        this.#watch();
      },
      Math.max(0, this.#leftMs()),
    );
  }
}
