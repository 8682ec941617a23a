import type { AddressedLine } from '../../core/logs/filter-logs.ts';
import { toIso } from '../../model/values/instant.ts';

const COLUMNS = ['timestamp', 'level', 'flow_run_id', 'task_run_id', 'message'];

/** CSV as in RFC 4180, with Prefect's columns. */
export function logsCsv(lines: readonly AddressedLine[]): string {
  const rows = lines.map(({ at, level, runId, taskRunId, message }) => [
    // Python's format of a time.
    toIso(at).replace('T', ' ').replace('Z', '+00:00'),
    String(level),
    runId ?? '',
    taskRunId ?? '',
    message,
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

const quoted = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
