/**
 * The work that one check may do. A step is about a microsecond. The count depends on the schema and
 * the value alone, so the same request always gets the same answer, however busy the machine is.
 */
export class Steps {
  #left: number;

  constructor(atMost: number) {
    this.#left = atMost;
  }

  /** @throws TooManySteps */
  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooManySteps();
  }
}

export class TooManySteps extends Error {}
