/**
 * `npm run bench`: how fast runs go through their life, compared with what the database underneath
 * can do at best, in one run on one machine. `-- --quick` takes a quarter of the time.
 */
import { parseArgs } from 'node:util';
import { createClient } from '../../client/index.ts';
import { startDynamoDbLocal } from '../../local/dynamodb-local.ts';
import { measureCeiling } from './ceiling.ts';
import { cpuMsOf } from './cpu-time.ts';
import { type Measured, type Mode, measureLifecycles } from './lifecycles.ts';
import { machineFacts, percentile, tableHead, tableLine } from './report.ts';
import { type ServerCounts, startServerProcess } from './server-process.ts';
import { createWork, fillUp } from './work.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' } } });
const PACE = options.quick
  ? { warmUpMs: 500, windowMs: 2_000, runs: 900 }
  : { warmUpMs: 1_000, windowMs: 7_000, runs: 2_500 };
const MODES: readonly Mode[] = [
  { name: 'one by one', limit: 1, start: false },
  { name: 'ten, started', limit: 10, start: true },
];
const CLAIMERS = [1, 8, 32];

/** All that grows, at one moment. */
interface Reading extends ServerCounts {
  readonly cpuMs: { readonly server: number; readonly client: number; readonly database: number };
}

console.log(machineFacts());
const database = await startDynamoDbLocal({ data: 'memory' });
const server = await startServerProcess(database.endpoint);
const client = createClient({ url: server.url });
const ceiling = await measureCeiling(database.endpoint, PACE);
console.log(`ceiling         ${ceiling.toFixed(0)} conditional updates/s, 32 in flight\n`);
console.log(tableHead());
const work = await createWork(client);
let claimedTwice = 0;
for (const mode of MODES) {
  for (const claimers of CLAIMERS) await measure(mode, claimers);
}
const after = await measureCeiling(database.endpoint, PACE);
console.log(
  `\nceiling after all that: ${after.toFixed(0)}/s. Claimed twice: ${claimedTwice} runs.`,
);
await server.stop();
await database.stop();
// Connections that the client keeps would hold us for some seconds.
process.exit(claimedTwice === 0 ? 0 : 1);

async function measure(mode: Mode, claimers: number): Promise<void> {
  await fillUp(client, work, PACE.runs);
  const readings: Reading[] = [];
  const mark = async () => void readings.push(await read());
  const measured = await measureLifecycles(client, { ...PACE, work, mode, claimers, mark });
  claimedTwice += [...measured.claims.values()].filter((times) => times > 1).length;
  const [from, to] = readings;
  if (from && to) print(mode, claimers, measured, from, to);
}

async function read(): Promise<Reading> {
  const cpuMs = {
    server: cpuMsOf(server.pid),
    client: cpuMsOf(process.pid),
    database: cpuMsOf(database.pid),
  };
  return { ...(await server.counts()), cpuMs };
}

function print(mode: Mode, claimers: number, measured: Measured, from: Reading, to: Reading): void {
  const { seconds, lifecycles, writes, claimMs } = measured;
  const cpu = (of: keyof Reading['cpuMs']) =>
    ((to.cpuMs[of] - from.cpuMs[of]) / lifecycles).toFixed(1);
  const figures = [
    String(claimers),
    (lifecycles / seconds).toFixed(0),
    (writes / seconds).toFixed(0),
    (writes / seconds / ceiling).toFixed(2),
    ((to.lost - from.lost) / (to.claims - from.claims)).toFixed(2),
    percentile(claimMs, 0.5).toFixed(1),
    percentile(claimMs, 0.99).toFixed(1),
    cpu('server'),
    cpu('client'),
    cpu('database'),
  ];
  console.log(tableLine([mode.name, ...figures]));
}
