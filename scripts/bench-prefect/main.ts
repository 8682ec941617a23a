/**
 * `npm run bench:prefect`: runs one script over HTTP, first against the real Prefect server, then
 * against dibs, on one machine. It measures how fast runs are created and go through their
 * lifecycle, and how many are executed more than once. It uses Prefect's API, as unmodified workers
 * do. It takes 5 minutes.
 */
import { onStopSignal } from '../../cli/terminal/signals.ts';
import { UserError } from '../../local/user-error.ts';
import { machineFacts } from '../bench/machine-facts.ts';
import { NoPythonError, prefectPython } from '../python-venv.ts';
import { type AtTheEnd, endings } from './at-the-end.ts';
import { type Measured, measure } from './measure.ts';
import { prefectBenchOptions } from './options.ts';
import { ratioLines, tableHead, tableRow } from './report.ts';
import { type BenchServer, startDibs, startPrefect } from './servers.ts';

const EXIT_INTERRUPTED = 130;
const { atTheEnd, end } = endings();
let interrupted = false;

onStopSignal(async (count) => {
  if (count > 1) process.exit(EXIT_INTERRUPTED);
  interrupted = true;
  await end();
  console.error('interrupted: everything that was started is being ended');
  process.exit(EXIT_INTERRUPTED);
});

async function main(): Promise<number> {
  const options = prefectBenchOptions(process.argv.slice(2));
  const say = (line: string) => console.log(line);
  say(machineFacts());
  const python = options.python ?? (await prefectPython('3.8.8'));
  say(`\n${tableHead()}`);
  const prefect = await measureAll((its) => startPrefect(python, its, say), options.runs);
  const dibs = await measureAll(startDibs, options.ourRuns);
  say(`\ndibs divided by Prefect:\n${ratioLines(prefect, dibs).join('\n')}`);
  return dibs.every(({ executedAgain, unfinished }) => executedAgain + unfinished === 0) ? 0 : 1;

  /** The servers run one after the other, because an idle server uses some of the machine, too. */
  async function measureAll(start: (its: AtTheEnd) => Promise<BenchServer>, runs: number) {
    const its = endings();
    atTheEnd(its.end);
    const server = await start(its.atTheEnd);
    const all: Measured[] = [];
    say(server.what);
    for (const claimers of server.isSingleWriter ? [1] : options.claimers) {
      const measured = await measure(server, claimers, runs);
      say(tableRow(measured));
      all.push(measured);
    }
    await its.end();
    return all;
  }
}

let code = 1;
try {
  code = await main();
} catch (error) {
  const isTold = error instanceof UserError || error instanceof NoPythonError;
  // After an interruption, errors are expected: they come from what was ended.
  if (!interrupted) console.error(isTold ? error.message : error);
} finally {
  await end();
}
// Idle connections of the client would keep this process alive for some seconds.
if (!interrupted) process.exit(code);
