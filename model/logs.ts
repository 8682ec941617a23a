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

/** Lines that were sent together; a batch that is sent twice is kept once, by its id. */
export interface LogBatch {
  readonly id: string;
  readonly lines: readonly LogLine[];
  readonly at: Instant;
}

/** Log lines: with their flow run, or with their task run where they name no flow run. */
export interface LogStore {
  writeLogs(owner: Owner, batch: LogBatch): Promise<void>;
  readLogs(owner: Owner): Promise<LogLine[]>;
}
