import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { beforeAll, expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { dibs } from './cli-process.ts';

let script: string;
beforeAll(async () => {
  const { code, out } = await dibs('http://127.0.0.1:1/api', ['completion', 'bash']);
  expect(code).toBe(0);
  script = out;
});

/** The words that bash offers to complete the last of these words. */
function offered(...words: string[]): string[] {
  const asked = words.map((word) => `'${word}'`).join(' ');
  const program = `${script}\nCOMP_WORDS=(${asked}); COMP_CWORD=${words.length - 1}; _dibs; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['-c', program], { encoding: 'utf8' });
  return out.split('\n').filter((line) => line !== '');
}

test('bash completes groups, verbs and options', () => {
  expect(offered('dibs', '')).toEqual(expect.arrayContaining(['dev', 'agent', 'pool', 'run']));
  expect(offered('dibs', 'ru')).toEqual(['run']);
  expect(offered('dibs', 'run', 'w')).toEqual(['why']);
  expect(offered('dibs', 'run', 'ls', '--st')).toEqual(['--state']);
  expect(offered('dibs', 'run', 'show', '019ab3c4', '--j')).toEqual(['--json']);
  expect(offered('dibs', 'pool', '--json', 'li')).toEqual(['limit']);
  expect(offered('dibs', 'run', 'why', '--h')).toEqual(['--help']);
  expect(offered('dibs', 'nonsense', 'x')).toEqual([]);
});

test('zsh gets the same by way of bashcompinit, and another shell a usage error', async () => {
  const zsh = await dibs('http://127.0.0.1:1/api', ['completion', 'zsh']);
  expect(zsh.out).toContain('bashcompinit');
  expect(zsh.out.endsWith(script)).toBe(true);
  const fish = await dibs('http://127.0.0.1:1/api', ['completion', 'fish']);
  expect(fish.code).toBe(2);
  expect(fish.err).toContain('Allowed choices are bash, zsh');
});

test('docs/cli.md names every verb there is, and no other', () => {
  const verbs = (command: Command, path: string): string[] =>
    command.commands.length === 0
      ? [path]
      : command.commands.flatMap((one) => verbs(one, `${path} ${one.name()}`));
  const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| `(dibs [a-z -]+?)`/gm)].map(([, verb]) => verb ?? '');
  expect(told.sort()).toEqual(verbs(createProgram(), 'dibs').sort());
});
