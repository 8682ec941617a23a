/**
 * Asks dibs and Prefect's own code the same questions about parameters, job variables, patterns and
 * templates, made at random, and says where the answers differ.
 *
 *   node scripts/prefect-parameters/main.ts [--count 5000] [--seed 1] [--prefect 3.9.1] [--python PATH]
 *
 * It installs that Prefect under .dibs/ once. It exits with 1 if a difference is on no list.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type PrefectVersion, prefectPython } from '../python-venv.ts';
import { Random } from '../random.ts';
import { type Case, caseOf } from './cases.ts';
import { type Answer, dibsSays } from './dibs-side.ts';
import { DIFFERENCES, type Difference, SENTENCES } from './differences.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    prefect: { type: 'string', default: '3.9.1' },
    python: { type: 'string' },
  },
});
const SHOWN = 10;
const count = Number(options.count);
const first = Number(options.seed);
const python = options.python ?? (await prefectPython(options.prefect as PrefectVersion));

/** Each case has a seed of its own, so `--seed N --count 1` makes it again. */
const cases = Array.from({ length: count }, (_, index) => caseOf(new Random(first + index)));
const answers = await prefectSays(cases);

const found = new Map<string, number>();
const tally = (name: string) => found.set(name, (found.get(name) ?? 0) + 1);
const unlisted: string[] = [];
for (const [index, one] of cases.entries()) {
  const prefect = answers[index] as Answer;
  const dibs = await dibsSays(one);
  tally(`${one.kind}: Prefect ${prefect.verdict}`);
  if (isSame(prefect, dibs)) {
    if (prefect.why === dibs.why) continue;
    note(SENTENCES, 'sentence: ', { one, prefect, dibs, seed: first + index });
  } else note(DIFFERENCES, 'answer: ', { one, prefect, dibs, seed: first + index });
}
for (const [name, times] of [...found].sort()) console.log(`${String(times).padStart(7)}  ${name}`);
for (const one of unlisted.slice(0, SHOWN)) console.log(one);
console.log(
  `${count} cases from seed ${first}, Prefect ${options.prefect}: ${unlisted.length} differences that are on no list.`,
);
process.exit(unlisted.length === 0 ? 0 : 1);

interface Seen {
  readonly one: Case;
  readonly prefect: Answer;
  readonly dibs: Answer;
  readonly seed: number;
}

function note(list: readonly Difference[], prefix: string, seen: Seen): void {
  const { one, prefect, dibs, seed } = seen;
  const known = dibs.verdict !== 'crashed' && list.find(({ fits }) => fits(one, prefect, dibs));
  if (known) return void tally(`${prefix}${known.name}`);
  tally(`${prefix}ON NO LIST`);
  const lines = [one, prefect, dibs].map((part) => JSON.stringify(part).slice(0, 1500));
  unlisted.push(`seed ${seed}\n  ${lines.join('\n  ')}`);
}

function isSame(prefect: Answer, dibs: Answer): boolean {
  if (prefect.verdict !== dibs.verdict) return false;
  return prefect.verdict !== 'taken' || isDeepStrictEqual(prefect.value, dibs.value);
}

async function prefectSays(all: readonly Case[]): Promise<Answer[]> {
  const judge = new URL('./judge.py', import.meta.url).pathname;
  const child = spawn(python, [judge], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(all.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const said: Answer[] = [];
  for await (const line of createInterface({ input: child.stdout })) said.push(JSON.parse(line));
  if (said.length === all.length) return said;
  throw new Error(`Prefect's side answered ${said.length} of ${all.length} cases.`);
}
