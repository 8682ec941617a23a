import { AsyncLocalStorage } from 'node:async_hooks';

export interface Use {
  calls: number;
  reads: number;
  writes: number;
  /** Milliseconds that the handlers took on this machine. */
  ms: number;
}

/** Counts what each verb uses, even if calls of several verbs are in progress at the same time. */
export class Usage {
  readonly #current = new AsyncLocalStorage<Use>();
  #byVerb = new Map<string, Use>();

  readonly units = (kind: 'read' | 'write', used: number): void => {
    const use = this.#current.getStore();
    // DynamoDB Local reports 0 units for a query that finds nothing. On AWS, it costs at most 1
    // unit.
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
