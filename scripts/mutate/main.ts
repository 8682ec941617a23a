/**
 * `npm run test:mutate`: removes the conditions of writes, one by one, and checks that a test fails
 * for each. If no test fails, nothing shows that the condition is needed.
 *
 *   npm run test:mutate                 all of store/conditions.ts, half a minute each
 *   npm run test:mutate -- nobodyHoldsIt itIsNew
 *
 * It works on a copy of the repository, where one condition is always true and the tests are
 * unchanged. The names in the condition stay in its text, because DynamoDB refuses values that no
 * expression uses.
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
/** Joins conditions, and is not a condition itself. */
const NO_CONDITION = 'allOf';
/**
 * Parts of paths: vitest runs the test files whose path contains one of them. The fast tests come
 * first, because they fail for most conditions.
 */
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
  console.error(
    `no such condition: ${unknown.join(', ')}. The conditions are: ${names.join(', ')}`,
  );
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
    console.error(`the tests fail even with all conditions in place: ${unharmed}`);
    return false;
  }
  const survivors: string[] = [];
  const width = Math.max(...toMutate.map((name) => name.length));
  for (const name of toMutate) {
    write(name);
    const failed = failure();
    console.log(`${name.padEnd(width)}  ${failed ? `needed by: ${failed}` : 'NO TEST FAILS'}`);
    if (!failed) survivors.push(name);
  }
  console.log(`\n${toMutate.length} conditions, ${survivors.length} without a failing test`);
  return survivors.length === 0;
}

/** Copies the repository's current files, and uses the installed dependencies. */
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

/** Returns the first test that fails. Undefined if all pass. */
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
