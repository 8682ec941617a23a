import { type Claim, claimKey } from '../wire.ts';
import type { Execution } from './execution.ts';

/** A late response may name a claim of a minute ago, but not one that is 100,000 claims old. */
const REMEMBERED = 100_000;

/**
 * The runs that this agent holds, and the claims that it has dealt with. It starts each (run,
 * attempt) at most once, whatever late or repeated responses say.
 */
export class HeldRuns {
  readonly #held = new Map<string, Execution>();
  readonly #seen = new Set<string>();
  readonly #givenUp = new Set<string>();

  get size(): number {
    return this.#held.size;
  }

  get executions(): Execution[] {
    return [...this.#held.values()];
  }

  find(id: string, attempt: number): Execution | undefined {
    return this.#held.get(claimKey(id, attempt));
  }

  add(execution: Execution): void {
    this.#held.set(keyOf(execution.claim), execution);
  }

  remove(execution: Execution): void {
    this.#held.delete(keyOf(execution.claim));
    if (execution.givenUp) this.#givenUp.add(keyOf(execution.claim));
  }

  /**
   * True if the run was executed and the server accepted no final state: do not execute it again.
   */
  gaveUp(id: string, attempt: number): boolean {
    return this.#givenUp.has(claimKey(id, attempt));
  }

  /** Marks a claim as dealt with. Returns false if it was marked before. */
  see(claim: Claim): boolean {
    const key = keyOf(claim);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > REMEMBERED) {
      const [oldest = ''] = this.#seen;
      this.#seen.delete(oldest);
    }
    return true;
  }

  /** The held runs, as a heartbeat reports them. */
  list(): { id: string; attempt: number }[] {
    return this.executions.map(({ claim }) => ({ id: claim.flow_run.id, attempt: claim.attempt }));
  }
}

function keyOf({ flow_run, attempt }: Claim): string {
  return claimKey(flow_run.id, attempt);
}
