import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';
import { dibs } from './cli-process.ts';

let stack: TestStack;
let waiting: string;
beforeAll(async () => {
  stack = await startTestStack();
  const { deployment } = await createWork(stack.client);
  [waiting = ''] = await createRuns(stack.client, deployment.id, 1);
});
afterAll(() => stack.stop());

const ID = randomUUID();

test.each([
  ['run retry', 'error: say which runs: by ids, --state, --since, --pool, --deployment, or --all'],
  ['run cancel', 'error: say which runs: by ids, --state, --pool, --deployment, or --all'],
  ['run cancel --dry-run', 'error: say which runs'],
  [`run cancel ${ID} --all`, 'error: give either ids or --all'],
  ['run cancel --all --pool p', "option '--all' cannot be used with option '-p, --pool <name>'"],
  [
    'run retry --since yesterday',
    'Expected a duration before now (90s, 30m, 1h, 2d), or a time like 20',
  ],
  ['run retry --since 2026-11-23', 'Expected a duration before now'],
  ['run cancel --since 1h', 'Runs that have not ended have no end time'],
  ['run retry --state LOST', 'Expected some of SCHEDULED, PENDING, RUNNING'],
  ['run retry seven', 'Expected an id: a UUID.'],
  ['run retry --deployment d', 'Expected an id: a UUID.'],
  ['run release', "missing required argument 'id'"],
  ['run release seven', 'Expected an id: a UUID.'],
  [`run release ${ID} --by=`, 'Expected a name.'],
  ['run claims seven', 'Expected an id: a UUID.'],
  ['run steal', "unknown command 'steal'"],
  ['run', 'Usage: dibs run'],
  ['agent ls', "required option '-p, --pool <name>' not specified"],
  ['agent ls --pool=', 'Expected a name.'],
  ['agent drain --pool p', "missing required argument 'agent'"],
  ['agent drain a', "required option '-p, --pool <name>' not specified"],
  ['pool pause', 'error: give either the name of a pool or --all'],
  ['pool pause p --all', 'error: give either the name of a pool or --all'],
  ['pool resume', 'error: give either the name of a pool or --all'],
  ['pool slots', "missing required argument 'name'"],
  ['deployment slots d', 'Expected an id: a UUID.'],
])(
  'bad usage has exit code 2, says what is wrong, and changes nothing: dibs %s',
  async (args, says) => {
    const { code, out, err } = await dibs(stack.url, args.split(' '));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
    expect((await stack.client.readFlowRun({ id: waiting })).state_type).toBe('SCHEDULED');
  },
);

test.each([
  [
    'pool pause a?b',
    `A work pool's name that goes into an address may not contain "?", as "a?b" does`,
  ],
  ['queue pause 50% --pool p', `A work queue's name that goes into an address may not contain "%"`],
  ['agent ls --pool a/b', `A work pool's name that goes into an address may not contain "/"`],
  ['agent start --pool a?b', 'the agent cannot start: A work pool'],
])('a name that cannot stand in an address is refused in one line: dibs %s', async (args, says) => {
  const { code, out, err } = await dibs(stack.url, args.split(' '));
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(says);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('an address that does not end in /api gets a hint at that, one that does gets none', async () => {
  const bare = stack.url.slice(0, -'/api'.length);
  const { code, err } = await dibs(`${bare}/`, ['pool', 'ls']);
  expect(code).toBe(1);
  expect(err).toContain(`The address of an API ends in /api: try ${bare}/api.`);
  const missing = await dibs(stack.url, ['run', 'claims', ID]);
  expect(missing.err).not.toContain('ends in /api');
});

test('a key that no header may have is not taken for a server that is away', async () => {
  const setKey = '--import=data:text/javascript,process.env.DIBS_API_KEY="secret%5Cnsecret"';
  for (const args of [
    ['pool', 'ls'],
    ['agent', 'start', '--pool', 'p'],
  ]) {
    const { code, out, err } = await dibs(stack.url, args, [setKey]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^DIBS_API_KEY is no API key: .*a line break after 6 characters/);
    expect(err).not.toContain('secret');
  }
});

test('dibs --help lists the groups, and each group its verbs', async () => {
  const { code, out } = await dibs(stack.url, ['--help']);
  expect(code).toBe(0);
  for (const group of ['dev', 'agent', 'run', 'pool', 'deployment']) {
    expect(out).toMatch(new RegExp(`^ {2}${group}\\b`, 'm'));
  }
  const agent = await dibs(stack.url, ['agent', '--help']);
  for (const verb of ['start', 'ls', 'drain']) {
    expect(agent.out).toMatch(new RegExp(`^ {2}${verb}\\b`, 'm'));
  }
});

test('where nobody answers, it says where it looked: exit code 1; --url says where to look', async () => {
  const nowhere = 'http://127.0.0.1:1/api';
  const { code, out, err } = await dibs(nowhere, ['pool', 'pause', '--all']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^No answer from http:\/\/127\.0\.0\.1:1\/api\. /);
  const there = await dibs(nowhere, ['run', 'claims', waiting, '--url', stack.url]);
  expect(there).toMatchObject({ code: 0, err: '' });
  const bulk = await dibs(nowhere, ['run', 'cancel', '--all']);
  expect([bulk.code, bulk.out]).toEqual([1, '']);
});

test('where the system has no name for the user, the environment has one', async () => {
  const throwing =
    "import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';" +
    "os.userInfo = () => { throw new Error('no such user'); }; syncBuiltinESMExports();" +
    "process.env.USER = process.env.LOGNAME = process.env.USERNAME = '';";
  for (const [more, name] of [
    ["process.env.LOGNAME = 'ann';", 'ann'],
    ['', 'unknown'],
  ]) {
    const preload = `--import=data:text/javascript,${encodeURIComponent(throwing + more)}`;
    const { pool, deployment } = await createWork(stack.client);
    const [id = ''] = await createRuns(stack.client, deployment.id, 1);
    expect((await dibs(stack.url, ['run', 'cancel', '--pool', pool], [preload])).code).toBe(0);
    const { state } = await stack.client.readFlowRun({ id });
    expect(state?.message).toBe(`Cancelled by ${name}@${hostname()}.`);
  }
});
