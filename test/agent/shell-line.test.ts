import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shellLine } from '../../agent/execution/shell-line.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** Values of job variables in a template's command, tried in a real shell. */
const VALUES = [
  'plain',
  'two words',
  '; echo RUN',
  '$(echo RUN)',
  '`echo RUN`',
  '"; echo RUN; "',
  "'; echo RUN; '",
  `'"'; echo RUN #`,
  '\\',
  '\\"; echo RUN; \\"',
  '$HOME $' + '{HOME} $1',
  '*',
  'a\nb\n.',
  '',
  '&& echo RUN',
  ')" ; echo RUN',
];

const lineOf = (command: string, x: unknown): string => {
  const filled = shellLine(command, { x });
  if ('refused' in filled) throw new Error(`${command} refuses ${JSON.stringify(x)}`);
  return filled.line;
};

const printed = (command: string, x: unknown): string =>
  execFileSync('/bin/sh', ['-c', lineOf(command, x)], { encoding: 'utf8', cwd: '/' });

test.each<[string, (x: string) => string]>([
  ['printf %s {{ x }}', (x) => x],
  ['printf %s "<{{ x }}>"', (x) => `<${x}>`],
  [`printf %s '<{{ x }}>'`, (x) => `<${x}>`],
  ['printf %s a{{ x }}b', (x) => `a${x}b`],
  [`printf %s "it's {{ x }}"`, (x) => `it's ${x}`],
  [`printf %s it\\'s{{ x }}`, (x) => `it's${x}`],
  ['printf %s "\\"{{ x }}"', (x) => `"${x}`],
  ['printf %s "$(printf %s. {{ x }})"', (x) => `${x}.`],
  ['printf %s {{ x }} && printf %s {{ x }}', (x) => x + x],
  [`printf %s "$(printf '%s' ')')"{{ x }}`, (x) => `)${x}`],
])('a value stays one word of the shell line, as it is: %s', (command, expected) => {
  for (const value of VALUES) expect(printed(command, value)).toBe(expected(value));
});

test.each([
  'printf "%s" `echo {{ x }}`',
  'cat <<END\n{{ x }}\nEND',
  'printf %s "$' + '{Y:={{ x }}}"',
  "printf %s $'{{ x }}'",
  "echo $(( 1 + 1 )) {{ x }} # it's a comment\necho {{ x }}",
  'case x in x) echo {{ x }};; esac; (echo {{ x }}); { echo {{ x }}; }',
])('where quotes are hard to follow, a value is still never run: %s', (command) => {
  const mark = join(tempDirectory(), 'mark');
  for (const value of VALUES) {
    const line = lineOf(command, value.replaceAll('echo RUN', 'touch "$MARK"'));
    spawnSync('/bin/sh', ['-c', line], { env: { ...process.env, MARK: mark } });
    expect(existsSync(mark), value).toBe(false);
  }
});

test.each([
  'bash -c "cd / && make {{ x }}"',
  `/bin/sh -ec 'make {{ x }}'`,
  'nice bash --norc -lc "make {{ x }}"',
  `python3 -c "print('{{ x }}')"`,
  'node --eval "console.log({{ x }})"',
  'eval make {{ x }}',
  'cd /; ssh host make {{ x }}',
])('code for another interpreter takes plain words only: %s', (command) => {
  expect(lineOf(command, 'all-2 v1.0/x')).toContain('all-2 v1.0/x');
  for (const value of ['$(id)', ';id', "'", '"', '`id`', 'a\nb', '|id', '>x', '#', '\\']) {
    expect(shellLine(command, { x: value })).toEqual({ refused: 'x' });
  }
});

test('an argument of another interpreter may be anything', () => {
  for (const value of VALUES) {
    expect(printed(`sh -c 'printf "<%s>" "$1"' sh {{ x }}`, value)).toBe(`<${value}>`);
  }
});

test('a value that is missing is no word at all', () => {
  expect(printed('printf "<%s>" a {{ x }} b', null)).toBe('<a><b>');
  expect(printed('printf "<%s>" a {{ x }} b', '')).toBe('<a><><b>');
});

test('numbers, lists and objects are one word of JSON', () => {
  expect(printed('printf "<%s>" {{ x }}', 3)).toBe('<3>');
  expect(printed('printf "<%s>" {{ x }}', ['a b', { c: "d'" }])).toBe(`<["a b",{"c":"d'"}]>`);
});
