import type { Owner } from './runs/run-store.ts';
import type { Instant } from './values/instant.ts';

export interface LogLine {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly message: string;
  readonly at: Instant;
  readonly taskRunId: string | null;
}

/** Log lines that were sent together. The id keeps apart two batches of the same instant. */
export interface LogBatch {
  readonly id: string;
  readonly lines: readonly LogLine[];
  /** When they arrived. */
  readonly at: Instant;
}

/** What the index of a run's logs says of a batch, so that pages are found without the others. */
export interface LogBatchEntry {
  readonly id: string;
  readonly at: Instant;
  /** The times of its first and its last line. */
  readonly from: Instant;
  readonly to: Instant;
  /** How many lines it has of each level: [level, lines]. Absent: of too many levels. */
  readonly levels?: ReadonlyArray<readonly [number, number]>;
  readonly lines: number;
  /** How many of them name a task run. */
  readonly ofTasks: number;
  /** Its size as JSON. */
  readonly bytes: number;
}

/** Log lines. They belong to their flow run, or to their task run if they name no flow run. */
export interface LogStore {
  writeLogs(owner: Owner, batch: LogBatch): Promise<void>;
  /** The batches that arrived at or after this time, in the order in which they arrived. */
  listLogBatches(owner: Owner, arrivedAfter: Instant): Promise<LogBatchEntry[]>;
  /** No lines if the batch was deleted meanwhile. */
  readLogBatch(owner: Owner, entry: Pick<LogBatchEntry, 'id' | 'at'>): Promise<LogLine[]>;
}

/** More levels than this in one batch are not counted one by one. */
const LEVELS_COUNTED = 20;

export function entryOf({ id, at, lines }: LogBatch, bytes: number): LogBatchEntry {
  const levels = Map.groupBy(lines, ({ level }) => level);
  const counted = [...levels].map(([level, some]) => [level, some.length] as const);
  return {
    id,
    at,
    from: lines.reduce((first, line) => Math.min(first, line.at), Number.MAX_SAFE_INTEGER),
    to: lines.reduce((last, line) => Math.max(last, line.at), 0),
    ...(counted.length > LEVELS_COUNTED ? {} : { levels: counted }),
    lines: lines.length,
    ofTasks: lines.filter(({ taskRunId }) => taskRunId !== null).length,
    bytes,
  };
}
