/**
 * `npm run bench`: measures how fast runs go through their lifecycle, compared with the most that
 * the database underneath can do, in one process run on one machine. `npm run bench -- --quick`
 * takes a quarter of the time.
 */
import { parseArgs } from 'node:util';
import { createClient } from '../../client/index.ts';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { measureCeiling } from './ceiling.ts';
import { type Mode, measureLifecycles } from './lifecycles.ts';
import { machineFacts } from './machine-facts.ts';
import { type Reading, takeReading } from './readings.ts';
import { startServerProcess } from './server-process.ts';
import { ceilingText, tableHead, tableRow } from './table.ts';
import { createWork, fillUp } from './work.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' } } });
const PACE = options.quick
  ? { warmUpMs: 700, windowMs: 2_000, runs: 700 }
  : { warmUpMs: 1_000, windowMs: 6_000, runs: 2_500 };
const MODES: readonly Mode[] = [
  { name: 'one by one', limit: 1, start: false },
  { name: 'ten, started', limit: 10, start: true },
];
const CLAIMERS = [1, 8, 32];

console.log(machineFacts());
const database = await startDynamoDbLocal({ data: 'memory' });
const server = await startServerProcess(database.endpoint);
const client = createClient({ url: server.url });
const ceiling = await measureCeiling(database, PACE);
console.log(`ceiling         ${ceilingText(ceiling)}\n`);

const work = await createWork(client);
console.log(tableHead());
for (const mode of MODES) {
  for (const claimers of CLAIMERS) await measure(mode, claimers);
}
const after = await measureCeiling(database, PACE);
const twice = [...work.claims.values()].filter((times) => times > 1).length;
console.log(`\nceiling after all that: ${ceilingText(after)}`);
console.log(`runs claimed: ${work.claims.size}, of them more than once: ${twice}`);
await server.stop();
await database.stop();
// Idle connections of the client would keep this process alive for some seconds.
process.exit(twice === 0 ? 0 : 1);

async function measure(mode: Mode, claimers: number): Promise<void> {
  // Enough for the measured window, even if each claimer takes many runs at a time.
  await fillUp(client, work, Math.max(PACE.runs, 5 * claimers * mode.limit));
  const readings: Reading[] = [];
  const mark = async () => void readings.push(await takeReading(server, database.pid));
  const part = { ...PACE, work, mode, claimers, mark };
  const measured = await measureLifecycles(client, part);
  const [from, to] = readings;
  if (!from || !to || measured.lifecycles === 0) throw new Error('Nothing was measured.');
  console.log(tableRow(part, measured, [from, to], ceiling));
}
