/** Random choices that follow from a seed, so that a run can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Mulberry32: at least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** A whole number from 0, less than `bound`. */
  below(bound: number): number {
    return this.int(0, bound - 1);
  }

  pick<T>(of: readonly T[]): T {
    return of[this.int(0, of.length - 1)] as T;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** So many, or fewer. */
  several<T>(atMost: number, make: () => T): T[] {
    return Array.from({ length: this.int(0, atMost) }, make);
  }

  /** Some of the numbers of a range, comma-separated, in no order. */
  list(least: number, most: number, length: number): string {
    return Array.from({ length: this.int(1, length) }, () => this.int(least, most)).join(',');
  }
}
