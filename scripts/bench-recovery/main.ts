/**
 * `npm run bench:recovery`: measures how long it takes until other agents hold a dead agent's runs,
 * what idle agents cost, and whether a bad network makes living agents look dead. It waits for real
 * leases, so it takes 15 minutes. `npm run bench:recovery -- --minutes 1` is shorter.
 */
import { createClient } from '../../client/index.ts';
import { startLocalStack } from '../../local/stack.ts';
import { machineFacts } from '../bench/machine-facts.ts';
import { countFalseRecoveries } from './false-recoveries.ts';
import { recoveryBenchOptions } from './options.ts';
import { falseRecoveryLines, takeoverLines, unitLines } from './report.ts';
import { measureRequestUnits } from './request-units.ts';
import { seededRandom } from './seeded-random.ts';
import { measureTakeover, type TakeoverTime } from './takeover-time.ts';

const REPETITIONS = 3;

const options = recoveryBenchOptions(process.argv.slice(2));
console.log(`${machineFacts()}\nseed            ${options.seed}\n`);
let sessionsLapsed = 0;
const stack = await startLocalStack({
  port: 0,
  data: 'memory',
  count: (metric, by) => {
    if (metric === 'sessions_lapsed') sessionsLapsed += by;
  },
});

const random = seededRandom(options.seed);
const client = createClient({ url: stack.url });
const times: TakeoverTime[] = [];
for (let i = 1; i <= REPETITIONS; i++)
  times.push(await measureTakeover(client, `dies-${i}`, random));
console.log(takeoverLines(times).join('\n'));

console.log(unitLines(await measureRequestUnits(stack.dynamodbEndpoint)).join('\n'));

const falseOnes = await countFalseRecoveries({
  ...options,
  url: stack.url,
  sessionsLapsed: () => sessionsLapsed,
  say: (line) => console.log(line),
});
console.log(falseRecoveryLines(falseOnes, options).join('\n'));
await stack.stop();
const { heartbeats, lapsed, reopened } = falseOnes;
const isWrong = times.some(({ wrong }) => wrong > 0) || heartbeats.gone + lapsed + reopened > 0;
// Idle connections of the client would keep this process alive for some seconds.
process.exit(isWrong ? 1 : 0);
