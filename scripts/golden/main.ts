/**
 * Compares how dibs and Prefect's server answer the requests in test/prefect/golden/.
 *
 *   node scripts/golden/main.ts record --python VENV/bin/python   records a Prefect server that it starts
 *   node scripts/golden/main.ts record --url http://…/api         records a running Prefect server
 *   node scripts/golden/main.ts compare [--url http://…/api]      compares dibs; default: a local stack
 *   node scripts/golden/main.ts docs                              writes the differences into docs/prefect.md
 *
 * Further words choose the scenarios whose names contain one of them.
 */
import { parseArgs } from 'node:util';
import { startLocalStack } from '../../local/stack.ts';
import type { Finding } from '../../test/prefect/golden/compare.ts';
import { judge, tell } from '../../test/prefect/golden/judge.ts';
import { findingsOf } from '../../test/prefect/golden/replay.ts';
import { SCENARIOS } from '../../test/prefect/golden/scenarios/index.ts';
import { writeDifferences } from './differences-page.ts';
import { startPrefectServer } from './prefect-server.ts';
import { record } from './record.ts';

/** Scenarios do not affect each other, so they run concurrently. */
const AT_ONCE = 5;

const { values: options, positionals } = parseArgs({
  options: { url: { type: 'string' }, python: { type: 'string' } },
  allowPositionals: true,
});
const [command, ...words] = positionals;
const chosen = SCENARIOS.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const COMMANDS: Readonly<Record<string, () => Promise<boolean>>> = {
  record: recordThem,
  compare: compareThem,
  docs: async () => writeDifferences(),
};
const run = COMMANDS[command ?? ''];
if (!run || chosen.length === 0) {
  console.error('Expected record, compare or docs, then parts of the names of existing scenarios.');
  process.exit(2);
}
process.exit((await run()) ? 0 : 1);

async function recordThem(): Promise<boolean> {
  const server = options.url
    ? { url: options.url, stop: async () => {} }
    : await startPrefectServer(options.python ?? 'python3');
  try {
    for (const scenario of chosen) console.log(await record(server.url, scenario));
  } finally {
    await server.stop();
  }
  return true;
}

async function compareThem(): Promise<boolean> {
  const local = { port: 0, data: 'memory', services: false } as const;
  const stack = options.url
    ? { url: options.url, stop: async () => {} }
    : await startLocalStack(local);
  const findings: Finding[] = [];
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    const some = chosen.slice(from, from + AT_ONCE);
    const found = await Promise.all(some.map((one) => findingsOf(stack.url, one)));
    findings.push(...found.flat());
  }
  await stack.stop();
  const { unwanted, gone } = judge(findings);
  for (const finding of unwanted) console.log(tell(finding));
  const isAll = chosen.length === SCENARIOS.length;
  for (const one of isAll ? gone : []) console.log(one);
  const cases = chosen.flatMap((one) => one.cases).filter((one) => !one.prepare).length;
  const different = new Set(unwanted.map(({ where }) => where)).size;
  console.log(`${cases} cases, ${different} of them answered otherwise than wanted`);
  return unwanted.length === 0 && (!isAll || gone.length === 0);
}
