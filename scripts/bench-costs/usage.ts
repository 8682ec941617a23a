import { AsyncLocalStorage } from 'node:async_hooks';

export interface Use {
  calls: number;
  reads: number;
  writes: number;
  /** Of a handler, on this machine. */
  ms: number;
}

/** What was used, by verb: calls that are under way at the same time are told apart. */
export class Usage {
  readonly #current = new AsyncLocalStorage<Use>();
  #byVerb = new Map<string, Use>();

  readonly units = (kind: 'read' | 'write', used: number): void => {
    const use = this.#current.getStore();
    // DynamoDB Local finds that a query which finds nothing costs nothing. On AWS it costs one at the most.
    if (use && kind === 'read') use.reads += used === 0 ? 1 : used;
    else if (use) use.writes += used;
  };

  async during<Result>(verb: string, call: () => Promise<Result>): Promise<Result> {
    const use = this.#byVerb.get(verb) ?? { calls: 0, reads: 0, writes: 0, ms: 0 };
    this.#byVerb.set(verb, use);
    use.calls += 1;
    const started = performance.now();
    try {
      return await this.#current.run(use, call);
    } finally {
      use.ms += performance.now() - started;
    }
  }

  take(): Map<string, Use> {
    const taken = this.#byVerb;
    this.#byVerb = new Map();
    return taken;
  }
}
