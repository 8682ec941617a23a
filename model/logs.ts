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

/** Log lines: with their flow run, or with their task run where they name no flow run. */
export interface LogStore {
  writeLogs(owner: Owner, lines: readonly LogLine[], at: Instant, batchId: string): Promise<void>;
  readLogs(owner: Owner): Promise<LogLine[]>;
}
