import { backoffMs, isFault, isPassing } from '../client/backoff.ts';
import type { AgentEvent } from './events.ts';
import { pause } from './pause.ts';

interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
}

const BACKOFF: Backoff = { firstMs: 250, capMs: 5_000 };

/** So many faults (500, `internal`) in a row say that it is this request the server fails at, and always will. */
export const FAULTS_AT_MOST = 5;

/** Asks again until there is an answer. */
export interface Calls {
  /**
   * Sends, and sends again while there is no answer (or 429, or 5xx), with capped and jittered
   * backoff. Only for what is idempotent. Throws ApiError when the server says no, or has a fault
   * (`internal`) `faultsAtMost` times in a row; and the signal's reason when it is aborted.
   */
  untilAnswered<T>(
    send: () => Promise<T>,
    signal: AbortSignal,
    options?: UntilAnsweredOptions,
  ): Promise<T>;
}

interface UntilAnsweredOptions {
  /** Default: no bound, for what there is nothing else to do than to go on asking. */
  readonly faultsAtMost?: number;
  /** Looked at after each try. Default, and in place of undefined: up to 5 s. */
  readonly backoff?: () => Backoff | undefined;
}

interface CallsOptions {
  readonly url: string;
  readonly onEvent: (event: AgentEvent) => void;
  readonly random: () => number;
  /**
   * Called before each try, and before anybody acts on its answer: an agent that was frozen finds
   * out here that its lease is spent, and this aborts the signals of what hung on it.
   */
  readonly checkLease: () => void;
}

/** All calls of an agent share one, so that it says once that the server is away, and back. */
export function createCalls({ url, onEvent, random, checkLease }: CallsOptions): Calls {
  let away = false;

  function noteAnswer(): void {
    if (away) onEvent({ type: 'back', url });
    away = false;
  }

  function noteSilence(error: unknown): void {
    if (!away) onEvent({ type: 'away', url, reason: reasonOf(error) });
    away = true;
  }

  return {
    async untilAnswered(send, signal, options = {}) {
      const { faultsAtMost = Number.POSITIVE_INFINITY, backoff } = options;
      let faults = 0;
      for (let tries = 0; ; tries++) {
        checkLease();
        signal.throwIfAborted();
        try {
          const answer = await send();
          noteAnswer();
          checkLease();
          return answer;
        } catch (error) {
          checkLease();
          signal.throwIfAborted();
          if (!isPassing(error)) {
            noteAnswer();
            throw error;
          }
          noteSilence(error);
          faults = isFault(error) ? faults + 1 : 0;
          if (faults >= faultsAtMost) throw error;
        }
        await pause(backoffMs(tries, { ...(backoff?.() ?? BACKOFF), random }), signal);
      }
    },
  };
}

/** The innermost reason: `connect ECONNREFUSED 127.0.0.1:4200` rather than `fetch failed`. */
function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors[0]) inner = inner.errors[0];
  return inner instanceof Error ? inner.message : String(inner);
}
