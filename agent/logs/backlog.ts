import type { Line } from './log-line.ts';

/**
 * The memory that waiting lines may take. The lines of a long outage do not fit, but what a flow
 * prints in a burst does: a hundred thousand short lines.
 */
const BACKLOG_BYTES = 32 * 1024 * 1024;
/** What a line takes besides its message. */
const LINE_BYTES = 300;
/** How many taken lines the list may hold before it is written anew. */
const TAKEN_LINES = 10_000;

/** Lines that wait to be shipped, the oldest first. It keeps the newest ones. */
export class Backlog {
  #lines: (Line | undefined)[] = [];
  /** Lines before this one were taken: to shift a long list for each line would take too long. */
  #first = 0;
  #bytes = 0;
  readonly #atMost: number;

  constructor(atMost = BACKLOG_BYTES) {
    this.#atMost = atMost;
  }

  get size(): number {
    return this.#lines.length - this.#first;
  }

  /** Adds a line, and returns the oldest ones that do not fit with it. */
  add(line: Line): Line[] {
    this.#lines.push(line);
    this.#bytes += bytesOf(line);
    const dropped: Line[] = [];
    while (this.#bytes > this.#atMost && this.size > 1) dropped.push(...this.#take());
    return dropped;
  }

  /** Takes the oldest lines: at most so many, with so many characters, but at least one. */
  take(lines: number, characters: number): Line[] {
    const taken: Line[] = [];
    for (let left = characters; taken.length < lines; ) {
      left -= this.#lines[this.#first]?.message.length ?? 0;
      if (left < 0 && taken.length > 0) break;
      const line = this.#take();
      if (line.length === 0) break;
      taken.push(...line);
    }
    return taken;
  }

  #take(): Line[] {
    const line = this.#lines[this.#first];
    if (!line) return [];
    this.#lines[this.#first++] = undefined;
    this.#bytes -= bytesOf(line);
    if (this.#first >= TAKEN_LINES || this.#first === this.#lines.length) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
    return [line];
  }
}

/** A character takes one byte or two. */
const bytesOf = ({ message }: Line): number => LINE_BYTES + 2 * message.length;
