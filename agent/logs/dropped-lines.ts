import { LEVEL, type Line } from './log-line.ts';

/**
 * Counts the dropped log lines of each run, until a line in the run's logs reports their number.
 */
export class DroppedLines {
  readonly #counts = new Map<string, { readonly runId: string; why: string; lines: number }>();

  get size(): number {
    return this.#counts.size;
  }

  add({ flow_run_id }: Line, why: string): void {
    const runId = flow_run_id ?? '';
    const key = `${runId} ${why}`;
    const count = this.#counts.get(key) ?? { runId, why, lines: 0 };
    count.lines++;
    this.#counts.set(key, count);
  }

  /** Returns the lines that report dropped lines to their runs, and resets the counts. */
  takeNotices(): Line[] {
    const notices = [...this.#counts.values()].map(({ runId, why, lines }) => ({
      flow_run_id: runId,
      name: 'dibs.agent',
      level: LEVEL.warning,
      message: `${lines} ${why}`,
      timestamp: new Date().toISOString(),
    }));
    this.#counts.clear();
    return notices;
  }
}
