import { LEVEL, type Line } from './log-line.ts';

/** Counts the lines of each run that will never arrive, until a line of the run says so. */
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

  /** What to tell the runs. Told once. */
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
