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
  readonly at: Instant;
}

/** Log lines. They belong to their flow run, or to their task run if they name no flow run. */
export interface LogStore {
  writeLogs(owner: Owner, batch: LogBatch): Promise<void>;
  readLogs(owner: Owner): Promise<LogLine[]>;
}
