import type { Instant } from '../instant.ts';
import type { LogLine } from '../records.ts';

/** Log lines of runs. */
export interface LogStore {
  writeLogs(
    owner: LogOwner,
    lines: readonly LogLine[],
    at: Instant,
    batchId: string,
  ): Promise<void>;
  readLogs(owner: LogOwner): Promise<LogLine[]>;
}

/** Lines lie with their flow run, or with their task run where they name no flow run. */
export type LogOwner = { readonly runId: string } | { readonly taskRunId: string };
