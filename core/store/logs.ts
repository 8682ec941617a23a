import type { Instant } from '../instant.ts';
import type { LogLine } from '../records.ts';
import type { Owner } from './runs.ts';

/** Log lines: with their flow run, or with their task run where they name no flow run. */
export interface LogStore {
  writeLogs(owner: Owner, lines: readonly LogLine[], at: Instant, batchId: string): Promise<void>;
  readLogs(owner: Owner): Promise<LogLine[]>;
}
