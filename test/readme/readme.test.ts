import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestAgent } from '../agent/test-agent.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** What README.md shows is run as it stands there. */
const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
let stack: TestStack;
let blocks: string[];

beforeAll(async () => {
  stack = await startTestStack();
  const text = await readFile(join(root, 'README.md'), 'utf8');
  blocks = [...text.matchAll(/^```(?:sh|ts)\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
});
afterAll(() => stack.stop());

function block(marker: string): string {
  const found = blocks.filter((code) => code.includes(marker));
  expect(found, `one block with ${marker}`).toHaveLength(1);
  return found[0] ?? '';
}

test('curl alone creates a pool and a run and claims it twice: the second gets nothing', async () => {
  const script = block('DIBS=').replace(/^DIBS=\S+/m, `DIBS=${stack.url}`);
  // Each command's answer on a line of its own.
  const { stdout } = await run('bash', ['-euc', script.replaceAll('curl -s', "curl -s -w '\\n'")]);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers).toHaveLength(7);
  const [pool, , flowRun, , , first, second] = answers;
  expect(pool).toMatchObject({ name: 'demo' });
  expect(first.runs).toMatchObject([{ flow_run: { id: flowRun.id }, attempt: 1 }]);
  expect(second).toEqual({ runs: [], retry_after: 2 });
});

test('the flow in TypeScript is deployed, run by an agent, and answers', async () => {
  await mkdir(join(root, '.dibs'), { recursive: true });
  const folder = await mkdtemp(join(root, '.dibs/readme-'));
  await using _agent = await startTestAgent({ url: stack.url, pool: 'demo', limit: 1 });
  try {
    const file = join(folder, 'hello.ts');
    const code = block("flow(\n  'hello-ts'");
    await writeFile(file, code.replace("'dibs'", `'${join(root, 'sdk/index.ts')}'`));
    const env = { ...process.env, DIBS_API_URL: stack.url };
    const { stdout } = await run(process.execPath, [file], { env });
    expect(stdout.trim()).toBe('hello world');
  } finally {
    await rm(folder, { recursive: true });
  }
});
