import { InvalidPattern } from './pattern-fault.ts';

/** Reads a pattern, one character (a code point) after the other. */
export class Reader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  get position(): number {
    return this.#at;
  }

  back(position: number): void {
    this.#at = position;
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.#characters[this.#at] ?? '';
  }

  next(): string {
    const one = this.peek();
    this.#at++;
    return one;
  }

  /** Reads this text, if it comes next. */
  take(text: string): boolean {
    const end = this.#at + text.length;
    if (this.#characters.slice(this.#at, end).join('') !== text) return false;
    this.#at = end;
    return true;
  }

  /** All characters that this expression matches, at most so many. */
  while(wanted: RegExp, atMost = Number.POSITIVE_INFINITY): string {
    let read = '';
    for (let count = 0; count < atMost && wanted.test(this.peek()); count++) read += this.next();
    return read;
  }

  /** The text up to `end`, which is read, too. */
  until(end: string, missing: string): string {
    let read = '';
    while (!this.take(end)) {
      if (this.peek() === '') throw this.invalid(missing);
      read += this.next();
    }
    return read;
  }

  invalid(why: string): InvalidPattern {
    return new InvalidPattern(`${why} at position ${this.#at}`);
  }
}
