/**
 * Compares how dibs and Prefect's server answer the requests in test/prefect/golden/.
 *
 *   node scripts/golden/main.ts record                            records Prefect's servers of the two versions
 *   node scripts/golden/main.ts record --version 3.8.8            records the server of one version
 *   node scripts/golden/main.ts compare [--url http://…/api]      compares dibs; default: a local stack
 *   node scripts/golden/main.ts docs                              writes the differences into docs/prefect.md
 *
 * Further words choose the scenarios whose names contain one of them.
 */
import { parseArgs } from 'node:util';
import { startLocalStack } from '../../local/stack.ts';
import type { Finding } from '../../test/prefect/golden/compare.ts';
import { judge, tell } from '../../test/prefect/golden/judge.ts';
import { BESIDE, REFERENCE } from '../../test/prefect/golden/recordings.ts';
import { findingsOf } from '../../test/prefect/golden/replay.ts';
import { SCENARIOS } from '../../test/prefect/golden/scenarios/index.ts';
import { prefectPython } from '../python-venv.ts';
import { writeDifferences } from './differences-page.ts';
import { startPrefectServer } from './prefect-server.ts';
import { record } from './record.ts';

/** Scenarios do not affect each other, so they run concurrently. */
const AT_ONCE = 5;

const { values: options, positionals } = parseArgs({
  options: { url: { type: 'string' }, version: { type: 'string' } },
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

/** The reference first, because of the other version only what differs from it is kept. */
async function recordThem(): Promise<boolean> {
  for (const version of [REFERENCE, BESIDE] as const) {
    if (options.version !== undefined && options.version !== version) continue;
    const server = await startPrefectServer(await prefectPython(version));
    try {
      for (const scenario of chosen) console.log(await record(server.url, scenario, version));
    } finally {
      await server.stop();
    }
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
