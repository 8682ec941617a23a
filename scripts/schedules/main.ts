/**
 * `node scripts/schedules/main.ts --python VENV/bin/python [--rules 5000] [--seed 1]` compares the
 * times of random schedules with those that Prefect's own server computes. It prints how many were
 * equal and how many fall into each known difference (classes.ts), and each unknown one. It exits
 * with 1 if there is an unknown one. The same seed asks the same questions.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { zoneOf } from '../../core/schedules/rules/zone.ts';
import { pythonWith } from '../python-venv.ts';
import { Random } from '../random.ts';
import { type Answer, classOf, ownAnswer } from './classes.ts';
import { type Question, question } from './generate.ts';
import { ZONES } from './zones.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    rules: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});
const python = values.python ?? (await pythonWith('3.9.1'));
const script = `${import.meta.dirname}/prefect_times.py`;
const prefect = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: prefect.stdout })[Symbol.asyncIterator]();
const zones = await sameZones();

const counts = new Map<string, number>();
const asked = Number(values.rules);
let slowest = 0;
for (let seed = Number(values.seed); seed < Number(values.seed) + asked; seed++) {
  // A seed of its own for each question, so that one can be asked alone: --rules 1 --seed N.
  const one = question(new Random(seed), zones);
  prefect.stdin.write(`${JSON.stringify(one)}\n`);
  const start = performance.now();
  const ours = ownAnswer(one);
  slowest = Math.max(slowest, performance.now() - start);
  const theirs = await nextLine<Answer>();
  const found = classOf(one, ours, theirs);
  counts.set(found, (counts.get(found) ?? 0) + 1);
  if (found.startsWith('UNKNOWN')) tell(seed, one, ours, theirs);
}
prefect.stdin.end();

const rows = [...counts].sort(([, a], [, b]) => b - a);
for (const [name, count] of rows) console.log(String(count).padStart(7), name);
console.log(
  `${asked} schedules asked, seeds ${values.seed} on; slowest answer here ${slowest.toFixed(0)} ms`,
);
if (rows.some(([name]) => name.startsWith('UNKNOWN'))) process.exitCode = 1;

/** The zones about which the two agree: rules are compared, not time zone data. */
async function sameZones(): Promise<readonly string[]> {
  const from = Date.UTC(2025, 0, 1) / 1000;
  const instants = Array.from({ length: 6 * 366 * 4 }, (_, i) => from + i * 21_600);
  prefect.stdin.write(`${JSON.stringify({ zones: ZONES, instants })}\n`);
  const about = await nextLine<{
    prefect: string;
    python: string;
    offsets: Record<string, number[]>;
  }>();
  const differs = ZONES.filter((zone) => {
    const clock = zoneOf(zone);
    return instants.some((at, i) => clock.wallOf(at) - at !== about.offsets[zone]?.[i]);
  });
  console.log(`Prefect ${about.prefect} on Python ${about.python}; Node ${process.version}`);
  console.log(`Time zones: ${ZONES.length}, Node's data is ${process.versions['tz']}`);
  if (differs.length > 0)
    console.log(`Left out, because Python has other data: ${differs.join(', ')}`);
  return ZONES.filter((zone) => !differs.includes(zone));
}

async function nextLine<Line>(): Promise<Line> {
  const { value, done } = await lines.next();
  if (done) throw new Error('Prefect ended without an answer.');
  return JSON.parse(value) as Line;
}

function tell(seed: number, { schedule, start }: Question, ours: Answer, theirs: Answer): void {
  const text = ({ times, refused, error, slow }: Answer) =>
    times?.map((at) => new Date(at * 1000).toISOString().slice(0, 19)).join(' ') ??
    refused ??
    error ??
    slow;
  console.log(`seed ${seed}: ${JSON.stringify(schedule)} from ${start}`);
  console.log(`  Prefect ${text(theirs)}\n  dibs    ${text(ours)}`);
}
