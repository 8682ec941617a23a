import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** The part of Prefect's REST API that the benchmark needs. It uses nothing that only dibs has. */
export interface PrefectHttp {
  post<Answer>(path: string, body: object, headers?: Record<string, string>): Promise<Answer>;
  /** The number of responses after which a Prefect client retries: 429, 503. */
  readonly askedAgain: () => number;
}

export interface Orchestration {
  readonly status: 'ACCEPT' | 'REJECT' | 'ABORT' | 'WAIT';
  readonly state: { readonly type: string } | null;
}

/**
 * A Prefect client waits 2 s or more before it retries. This shorter wait makes the server look
 * better.
 */
const ASK_AGAIN_MS = 250;
const ASK_AGAIN_TIMES = 8;

export function prefectHttp(url: string): PrefectHttp {
  let askedAgain = 0;
  return {
    async post<Answer>(path: string, body: object, headers: Record<string, string> = {}) {
      for (let times = 1; ; times++) {
        const response = await fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });
        const text = await response.text();
        if (response.ok) return (text ? JSON.parse(text) : undefined) as Answer;
        const isBusy = response.status === 503 || response.status === 429;
        if (!isBusy || times === ASK_AGAIN_TIMES) {
          throw new Error(`POST ${path}: ${response.status} ${text.slice(0, 500)}`);
        }
        askedAgain++;
        await delay(ASK_AGAIN_MS);
      }
    },
    askedAgain: () => askedAgain,
  };
}

/** A proposal of a state, as Prefect's client sends it: with a new transition id. */
export function proposal(type: 'PENDING' | 'RUNNING' | 'COMPLETED'): object {
  const name = type.charAt(0) + type.slice(1).toLowerCase();
  return { state: { type, name, state_details: { transition_id: randomUUID() } }, force: false };
}
