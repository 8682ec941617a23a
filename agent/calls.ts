import { backoffMs, isFault, isPassing, isRefusal } from '../client/backoff.ts';
import { ApiError } from '../client/errors.ts';
import type { AgentEvent } from './events.ts';
import { pause } from './pause.ts';

interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
}

const BACKOFF: Backoff = { firstMs: 250, capMs: 5_000 };

/**
 * After this many faults (500, `internal`) in a row, the agent concludes that the server will
 * always fail at this request.
 */
export const FAULTS_AT_MOST = 5;

/** Sends requests, and retries until there is an answer. */
export interface Calls {
  /**
   * Calls `send`, and retries with capped and jittered backoff while there is no response (or a 429
   * or 5xx). Only for idempotent requests. Throws ApiError if the server refuses the request, or
   * has a fault (`internal`) `faultsAtMost` times in a row. Throws the signal's reason when it is
   * aborted.
   */
  untilAnswered<T>(
    send: () => Promise<T>,
    signal: AbortSignal,
    options?: UntilAnsweredOptions,
  ): Promise<T>;
}

interface UntilAnsweredOptions {
  /** Default: no bound, for requests where the agent can do nothing but keep trying. */
  readonly faultsAtMost?: number;
  /**
   * Also retry an error of something in front of the API, such as a 403 of a firewall: it says
   * nothing about the run. For requests about runs that are held: their session's lease ends this.
   */
  readonly onlyRefusals?: boolean;
  /** Called after each try. Default, and used if it returns undefined: waits of up to 5 s. */
  readonly backoff?: () => Backoff | undefined;
}

interface CallsOptions {
  readonly url: string;
  readonly onEvent: (event: AgentEvent) => void;
  readonly random: () => number;
  /**
   * Called before each try, and before anything acts on its answer. Here, an agent whose process
   * was frozen finds out that its lease is spent, and aborts the signals of everything that needs
   * the lease.
   */
  readonly checkLease: () => void;
}

/**
 * Creates the Calls of an agent. All its requests share them, so that the agent reports only once
 * that the server does not answer, and once that it answers again.
 */
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
      const { faultsAtMost = Number.POSITIVE_INFINITY, backoff, onlyRefusals } = options;
      const isSilence = (error: unknown) =>
        isPassing(error) || (onlyRefusals && error instanceof ApiError && !isRefusal(error));
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
          if (!isSilence(error)) {
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

/** The innermost cause: `connect ECONNREFUSED 127.0.0.1:4200` instead of `fetch failed`. */
function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors[0]) inner = inner.errors[0];
  return inner instanceof Error ? inner.message : String(inner);
}
