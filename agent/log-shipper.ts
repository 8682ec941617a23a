import type { BodyIn } from '../api/route.ts';
import type { ROUTES } from '../api/routes.ts';
import type { Client } from '../client/index.ts';
import type { Calls } from './calls.ts';
import { Bell, pause } from './pause.ts';

type Line = BodyIn<typeof ROUTES.writeLogs>[number];

/** Levels as Python's logging counts them. */
export const LEVEL = { debug: 10, info: 20, warning: 30, error: 40 } as const;

const EVERY_MS = 1_000;
const BATCH_LINES = 500;
const BATCH_CHARACTERS = 1_000_000;
const MESSAGE_CHARACTERS = 1_000_000;
const WAITING_LINES = 10_000;

/**
 * Ships log lines in batches, in the order they came. It never makes a run wait: past 10,000 waiting
 * lines the oldest are dropped, and a line of the run says how many. A batch whose reply was lost is
 * sent again, so lines may be there twice.
 */
export class LogShipper {
  readonly #client: Client;
  readonly #calls: Calls;
  readonly #closed = new AbortController();
  readonly #hurry = new Bell();
  #waiting: Line[] = [];
  readonly #dropped = new Map<string, number>();
  #added = 0;
  #gone = 0;
  #shipping: Promise<void> | undefined;

  constructor(client: Client, calls: Calls) {
    this.#client = client;
    this.#calls = calls;
  }

  add(line: Readonly<{ runId: string; name: string; level: number; message: string }>): void {
    this.#waiting.push({
      flow_run_id: line.runId,
      name: line.name,
      level: line.level,
      message: line.message.slice(0, MESSAGE_CHARACTERS),
      timestamp: new Date().toISOString(),
    });
    this.#added++;
    if (this.#waiting.length > WAITING_LINES) this.#dropOldest();
    if (this.#waiting.length >= BATCH_LINES) this.#hurry.ring();
    this.#shipping ??= this.#ship();
  }

  /** Settles when all lines of now have arrived (or were dropped), or after `withinMs`. */
  async flush(withinMs: number): Promise<void> {
    const until = this.#added;
    const late = AbortSignal.timeout(withinMs);
    while (this.#gone < until && this.#shipping && !late.aborted) {
      this.#hurry.ring();
      await Promise.race([this.#shipping, pause(20, late)]);
    }
  }

  /** Ships what waits, for at most `withinMs`, then gives up. */
  async close(withinMs: number): Promise<void> {
    await this.flush(withinMs);
    this.#closed.abort();
  }

  async #ship(): Promise<void> {
    const { signal } = this.#closed;
    while (this.#waiting.length > 0 && !signal.aborted) {
      if (this.#waiting.length < BATCH_LINES) await this.#hurry.wait(EVERY_MS, signal);
      const batch = this.#nextBatch();
      const body = [...this.#takeNotices(), ...batch];
      // Refused lines would be refused again, closed is closed: either way they are done with.
      await this.#calls
        .untilAnswered(() => this.#client.writeLogs({ body, signal }), signal)
        .catch(() => {});
      this.#gone += batch.length;
    }
    this.#shipping = undefined;
  }

  #nextBatch(): Line[] {
    let lines = 0;
    for (let size = 0; lines < Math.min(this.#waiting.length, BATCH_LINES); lines++) {
      size += this.#waiting[lines]?.message.length ?? 0;
      if (size > BATCH_CHARACTERS && lines > 0) break;
    }
    return this.#waiting.splice(0, lines);
  }

  #dropOldest(): void {
    const oldest = this.#waiting.shift();
    if (!oldest) return;
    const runId = oldest.flow_run_id ?? '';
    this.#dropped.set(runId, (this.#dropped.get(runId) ?? 0) + 1);
    this.#gone++;
  }

  #takeNotices(): Line[] {
    const notices = [...this.#dropped].map(([runId, lines]) => ({
      flow_run_id: runId,
      name: 'dibs.agent',
      level: LEVEL.warning,
      message: `${lines} older lines were dropped: they came faster than the server took them.`,
      timestamp: new Date().toISOString(),
    }));
    this.#dropped.clear();
    return notices;
  }
}
