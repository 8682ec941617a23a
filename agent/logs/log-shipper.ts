import type { Client } from '../../client/index.ts';
import type { Calls } from '../calls.ts';
import { Bell, pause } from '../pause.ts';
import { Backlog } from './backlog.ts';
import { DroppedLines } from './dropped-lines.ts';
import { sendBatch } from './log-batch.ts';

const EVERY_MS = 1_000;
const BATCH_LINES = 500;
const BATCH_CHARACTERS = 1_000_000;
const MESSAGE_CHARACTERS = 1_000_000;

const TOO_MANY = 'older lines were dropped: they came faster than the server accepted them.';
const REFUSED = 'line(s) were dropped: the server refused them.';

/**
 * Ships log lines in batches, in the order in which they were added. It never makes a run wait: if
 * the waiting lines take too much memory (backlog.ts), it drops the oldest. It also drops lines that the server
 * refuses. A line in the run's logs says how many were dropped. A batch is sent again if its
 * response was lost, so lines may appear twice.
 */
export class LogShipper {
  readonly #client: Client;
  readonly #calls: Calls;
  readonly #closed = new AbortController();
  readonly #hurry = new Bell();
  readonly #waiting: Backlog;
  readonly #dropped = new DroppedLines();
  #added = 0;
  #gone = 0;
  #shipping: Promise<void> | undefined;

  constructor(client: Client, calls: Calls, backlog = new Backlog()) {
    this.#waiting = backlog;
    this.#client = client;
    this.#calls = calls;
  }

  add(line: Readonly<{ runId: string; name: string; level: number; message: string }>): void {
    const dropped = this.#waiting.add({
      flow_run_id: line.runId,
      name: line.name,
      level: line.level,
      message: line.message.slice(0, MESSAGE_CHARACTERS),
      timestamp: new Date().toISOString(),
    });
    this.#added++;
    for (const oldest of dropped) this.#dropped.add(oldest, TOO_MANY);
    this.#gone += dropped.length;
    if (this.#waiting.size >= BATCH_LINES) this.#hurry.ring();
    this.#shipping ??= this.#ship();
  }

  /** Resolves when all lines added so far have arrived or were dropped, or after `withinMs`. */
  async flush(withinMs: number): Promise<void> {
    const until = this.#added;
    const late = AbortSignal.timeout(withinMs);
    const left = () => this.#gone < until || this.#dropped.size > 0;
    while (left() && this.#shipping && !late.aborted) {
      this.#hurry.ring();
      await Promise.race([this.#shipping, pause(20, late)]);
    }
  }

  /**
   * Ships the waiting lines for at most `withinMs`, then gives up. Returns how many lines did not
   * arrive.
   */
  async close(withinMs: number): Promise<number> {
    await this.flush(withinMs);
    this.#closed.abort();
    return this.#added - this.#gone;
  }

  async #ship(): Promise<void> {
    const { signal } = this.#closed;
    while (this.#waiting.size + this.#dropped.size > 0 && !signal.aborted) {
      if (this.#waiting.size < BATCH_LINES) await this.#hurry.wait(EVERY_MS, signal);
      const notices = this.#dropped.takeNotices();
      const batch = this.#waiting.take(BATCH_LINES, BATCH_CHARACTERS);
      const through = { client: this.#client, calls: this.#calls, signal };
      for (const line of await sendBatch(through, [...notices, ...batch])) {
        // Dropped notices get no notices of their own, which would never end.
        if (!notices.includes(line)) this.#dropped.add(line, REFUSED);
      }
      this.#gone += batch.length;
    }
    this.#shipping = undefined;
  }
}
