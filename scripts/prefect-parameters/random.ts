/** Numbers that follow from a seed (mulberry32), so that a case can be made again. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  pick<One>(from: readonly One[]): One {
    return from[this.below(from.length)] as One;
  }

  /** So many, or fewer. */
  several<One>(atMost: number, make: () => One): One[] {
    return Array.from({ length: this.below(atMost + 1) }, make);
  }
}
