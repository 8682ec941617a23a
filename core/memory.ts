/** A kind of memory and its initial value. Each is a constant next to the code that uses it. */
export interface Kept<Value> {
  readonly begin: () => Value;
}

/**
 * What one process remembers between requests. It only saves reads and spreads load; correctness
 * never depends on it. Each test starts with an empty one.
 */
export class Memory {
  readonly #values = new Map<Kept<unknown>, unknown>();

  of<Value>(kept: Kept<Value>): Value {
    if (!this.#values.has(kept)) this.#values.set(kept, kept.begin());
    return this.#values.get(kept) as Value;
  }
}
