import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/index.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

export type ClaimedRun = Awaited<ReturnType<Client['claim']>>['runs'][number];

/**
 * An agent as the server sees it: a session that claims and sends heartbeats, but executes nothing.
 */
export class AgentSession {
  readonly held: { id: string; attempt: number }[] = [];
  readonly #client: Client;
  readonly #pool: string;
  readonly #capacity: number;
  readonly #id = randomUUID();
  readonly #name = `agent-${this.#id}`;

  constructor(client: Client, pool: string, capacity: number) {
    this.#client = client;
    this.#pool = pool;
    this.#capacity = capacity;
  }

  beat(kind: { started?: true; ended?: true } = {}) {
    return this.#client.heartbeat({
      name: this.#pool,
      session_id: this.#id,
      body: { worker_name: this.#name, capacity: this.#capacity, runs: this.held, ...kind },
    });
  }

  get room(): number {
    return this.#capacity - this.held.length;
  }

  /** Sends one claim, for as many runs as the agent has room for. */
  async claim() {
    const reply = await this.#client.claim({
      name: this.#pool,
      body: {
        session_id: this.#id,
        worker_name: this.#name,
        claim_id: randomUUID(),
        limit: Math.min(this.room, NUMBERS.claimAtMost),
      },
    });
    this.held.push(...reply.runs.map(({ flow_run: { id }, attempt }) => ({ id, attempt })));
    return reply;
  }
}
