import { type Claim, claimKey } from '../wire.ts';
import type { Execution } from './execution.ts';

/** Late replies name what was claimed a minute ago, not what was claimed 100,000 claims ago. */
const REMEMBERED = 100_000;

/**
 * What this agent holds, and which claims it has dealt with: a (run, attempt) is started at most
 * once here, whatever late replies and repeated ones say.
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

  /** It was executed, and the server could not be told its end: it must not be executed again. */
  gaveUp(id: string, attempt: number): boolean {
    return this.#givenUp.has(claimKey(id, attempt));
  }

  /** Marks a claim as dealt with. False when it was already. */
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

  /** For a heartbeat. */
  list(): { id: string; attempt: number }[] {
    return this.executions.map(({ claim }) => ({ id: claim.flow_run.id, attempt: claim.attempt }));
  }
}

function keyOf({ flow_run, attempt }: Claim): string {
  return claimKey(flow_run.id, attempt);
}
