import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runNode } from '../support/processes.ts';

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { ended, stdout, stderr } = runNode(args, env);
  const [code, out, err] = await Promise.all([ended, stdout.rest(), stderr.rest()]);
  return { code, out, err };
}

it.each([['cli/main.ts'], ['bin/dibs.js']])(
  '%s tells the version of package.json',
  async (file) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await run([file, '--version'])).toEqual({ code: 0, out: version, err: '' });
  },
);

it('shows help, and what --no-services is for', async () => {
  const { code, out } = await run(['cli/main.ts', 'dev', '--help']);
  expect(code).toBe(0);
  expect(out).toContain('--no-services');
  expect(out).toContain('run the API only, without timers');
});

it.each([
  ['an unknown command', ['steal']],
  ['no command', []],
  ['an unknown option', ['dev', '--prot', '1']],
  ['a port that is none', ['dev', '--port', '70000']],
  ['data to keep and not to keep', ['dev', '--data', 'x', '--fresh']],
])('%s is an error of usage: exit code 2', async (_, args) => {
  const { code, out, err } = await run(['cli/main.ts', ...args]);
  expect([code, out]).toEqual([2, '']);
  expect(err).not.toBe('');
});

it('says in one sentence which Node it needs', async () => {
  const old = "Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })";
  const preload = `--import=data:text/javascript,${encodeURIComponent(old)}`;
  const { code, err } = await run([preload, 'bin/dibs.js', '--version']);
  expect(code).toBe(1);
  expect(err).toMatch(/^dibs needs Node\.js 22\.18 or newer; this is v[\d.]+ \(.*\)\.$/);
});
