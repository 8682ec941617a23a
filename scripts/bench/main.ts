/**
 * `npm run bench`: how fast runs go through their life, compared with what the database underneath
 * could do at best, in one run on one machine.
 */
import { parseArgs } from 'node:util';
import { createClient } from '../../client/index.ts';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { measureCeiling } from './ceiling.ts';
import { cpuMsOf } from './cpu-time.ts';
import { type Measured, type Mode, measureLifecycles } from './lifecycles.ts';
import { type Column, line, machineFacts, percentile } from './report.ts';
import { startServerProcess } from './server-process.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
});
const MODES: readonly Mode[] = [
  { name: 'one by one', limit: 1, start: false },
  { name: 'ten, started', limit: 10, start: true },
];
const PACE = options.quick
  ? { warmUpMs: 500, windowMs: 1500, runs: 600 }
  : { warmUpMs: 1000, windowMs: 8000, runs: 2400 };

const COLUMNS: readonly Column[] = [
  { title: 'claimers', width: 8 },
  { title: 'mode', width: 12 },
  { title: 'lifecycles/s', width: 12 },
  { title: 'writes/s', width: 8 },
  { title: 'of ceiling', width: 10 },
  { title: 'lost/claim', width: 10 },
  { title: 'p50 ms', width: 7 },
  { title: 'p99 ms', width: 7 },
];

for (const fact of machineFacts()) console.log(fact);
const database = await startDynamoDbLocal({ data: 'memory' });
const ceiling = await measureCeiling(database.endpoint, PACE);
console.log(`ceiling           ${ceiling.toFixed(0)} conditional updates/s, 32 in flight\n`);
const server = await startServerProcess(database.endpoint);
const client = createClient({ url: server.url });
console.log(line(COLUMNS, COLUMNS.map(({ title }) => title)));
for (const mode of MODES) {
  for (const claimers of [1, 8, 32]) {
    const before = await server.counts();
    const t=performance.now();
    const measured = await measureLifecycles(client, { claimers, mode, ...PACE });
    const after = await server.counts();
    console.log(line(COLUMNS, [String(claimers), mode.name, (measured.lifecycles/measured.seconds).toFixed(0), (measured.writes/measured.seconds).toFixed(0), (measured.writes/measured.seconds/ceiling).toFixed(2),((after.lost-before.lost)/(after.claims-before.claims)).toFixed(2),percentile(measured.claimMs,.5).toFixed(1),percentile(measured.claimMs,.99).toFixed(1)]), measured.seconds, performance.now()-t);
  }
}
await server.stop();
await database.stop();
