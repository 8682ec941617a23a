/** Something that a process remembers, and how it begins: a constant beside the code that uses it. */
export interface Kept<Value> {
  readonly begin: () => Value;
}

/**
 * What one process remembers from one request to the next. It only saves reads and spreads load:
 * nothing correct depends on it, and a test begins with an empty one.
 */
export class Memory {
  readonly #values = new Map<Kept<unknown>, unknown>();

  of<Value>(kept: Kept<Value>): Value {
    if (!this.#values.has(kept)) this.#values.set(kept, kept.begin());
    return this.#values.get(kept) as Value;
  }
}
