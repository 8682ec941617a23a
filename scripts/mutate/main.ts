/**
 * `npm run test:mutate`: takes the conditions of writes away, one by one, and asks that a test fails
 * for each. A condition that nothing misses is one that nobody has shown to be needed.
 *
 *   npm run test:mutate                 all of store/conditions.ts, half a minute each
 *   npm run test:mutate -- nobodyHoldsIt itIsNew
 *
 * It works on a copy of the repository: the tests there run as they are, on conditions of which one is
 * always true. What it names stays part of the text, for DynamoDB refuses values that nobody names.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as conditions from '../../store/conditions.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Joins conditions, and is none. */
const NO_CONDITION = 'allOf';
/** The quick ones first: most conditions are missed there. Vitest runs the files whose path has it. */
const SUITES = [
  ['conditions.test', 'test/store'],
  [
    ...['test/claims', 'test/states', 'test/recovery', 'test/limits', 'test/named-limits'],
    ...['test/runs', 'test/task-runs', 'test/logs', 'test/sessions', 'test/pools', 'test/access'],
    ...['test/deployments', 'test/schedules', 'test/artifacts', 'test/variables', 'test/blocks'],
    ...['test/server', 'test/why', 'test/lambdas'],
  ],
];
const VITEST = 'node_modules/vitest/vitest.mjs';
const ONE_SUITE_MS = 10 * 60_000;

const names = Object.keys(conditions).filter((name) => name !== NO_CONDITION);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no such condition: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  process.exit(2);
}

const copy = copyRepository();
try {
  process.exitCode = run(wanted.length > 0 ? wanted : names) ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function run(toMutate: readonly string[]): boolean {
  write('none');
  const unharmed = failure();
  if (unharmed) {
    console.error(`the tests fail with every condition in its place: ${unharmed}`);
    return false;
  }
  const survivors: string[] = [];
  const width = Math.max(...toMutate.map((name) => name.length));
  for (const name of toMutate) {
    write(name);
    const failed = failure();
    console.log(`${name.padEnd(width)}  ${failed ? `missed: ${failed}` : 'NOBODY MISSES IT'}`);
    if (!failed) survivors.push(name);
  }
  console.log(`\n${toMutate.length} conditions, ${survivors.length} that no test misses`);
  return survivors.length === 0;
}

/** The files of the repository as they are now, and its dependencies as they are. */
function copyRepository(): string {
  const directory = mkdtempSync(join(tmpdir(), 'dibs-mutate-'));
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of listed.stdout.split('\n').filter(Boolean)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(ROOT, file), join(directory, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  cpSync(join(ROOT, 'store/conditions.ts'), join(directory, 'store/conditions-as-they-are.ts'));
  return directory;
}

function write(mutated: string): void {
  const lines = Object.keys(conditions).map((name) =>
    name === mutated
      ? `export const ${name} = always(real.${name});`
      : `export const ${name} = real.${name};`,
  );
  const text = [
    "import * as real from './conditions-as-they-are.ts';",
    "const orTrue = (text) => '(' + text + ' OR attribute_not_exists(neverThere))';",
    "const always = (one) => typeof one === 'function' ? (...args) => orTrue(one(...args)) : orTrue(one);",
    ...lines,
  ];
  writeFileSync(join(copy, 'store/conditions.ts'), text.join('\n'));
}

/** The first test that fails; undefined where all pass. */
function failure(): string | undefined {
  for (const suite of SUITES) {
    const report = join(copy, 'report.json');
    rmSync(report, { force: true });
    const { status } = spawnSync(
      process.execPath,
      [VITEST, 'run', '--bail=1', '--reporter=json', `--outputFile=${report}`, ...suite],
      { cwd: copy, stdio: 'ignore', timeout: ONE_SUITE_MS },
    );
    if (status !== 0) return nameOfFailed(report);
  }
  return undefined;
}

interface Report {
  readonly testResults?: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{
      readonly status: string;
      readonly fullName: string;
    }>;
  }>;
}

function nameOfFailed(report: string): string {
  try {
    const { testResults = [] } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    return tests.find(({ status }) => status === 'failed')?.fullName ?? 'a file cannot be run';
  } catch {
    return 'the run ended without a report';
  }
}
