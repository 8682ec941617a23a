import type { Instant } from '../instant.ts';
import type { LogLine } from '../records.ts';

/** Log lines of runs. */
export interface LogStore {
  writeLogs(runId: string, lines: readonly LogLine[], at: Instant, batchId: string): Promise<void>;
  readLogs(runId: string): Promise<LogLine[]>;
}
