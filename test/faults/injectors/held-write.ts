/** Holds up a write on its way to the database until the test lets it go. */
export class HeldWrite {
  readonly #arrived = Promise.withResolvers<void>();
  readonly #freed = Promise.withResolvers<void>();
  #result: Promise<unknown> | undefined;

  /** The first such write waits here. */
  async pass<Written>(write: () => Promise<Written>): Promise<Written> {
    if (this.#result) return write();
    const result = this.#freed.promise.then(write);
    this.#result = result;
    this.#arrived.resolve();
    return result;
  }
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }
  /** The result of the write. */
  async free(): Promise<unknown> {
    this.#freed.resolve();
    return this.#result;
  }
}
