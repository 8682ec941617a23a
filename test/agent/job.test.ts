import { expect, test } from 'vitest';
import { resolveJob } from '../../agent/execution/job.ts';
import type { Claim } from '../../agent/wire.ts';

interface Given {
  readonly entrypoint?: string | null;
  readonly path?: string | null;
  readonly deployment?: Record<string, unknown>;
  readonly run?: Record<string, unknown>;
}

function claimOf({ entrypoint = null, path = '/srv', deployment = {}, run = {} }: Given): Claim {
  return {
    flow_run: { job_variables: run },
    deployment: { entrypoint, path, job_variables: deployment },
  } as never;
}

test.each([
  ['flows.ts:hash', '/srv/flows.ts', 'hash'],
  ['sub/flows.mjs:a1', '/srv/sub/flows.mjs', 'a1'],
  ['/abs/flows.js:$x', '/abs/flows.js', '$x'],
  ['odd:name.mts:f', '/srv/odd:name.mts', 'f'],
])('the entrypoint %s names a module and its export', (entrypoint, file, exportName) => {
  const job = resolveJob(claimOf({ entrypoint }), {});
  expect(job).toMatchObject({ type: 'flow', file, exportName, cwd: '/srv' });
});

test('without a path the entrypoint is relative to where the agent was started', () => {
  const job = resolveJob(claimOf({ entrypoint: 'flows.ts:f', path: null }), {});
  expect(job).toMatchObject({ file: `${process.cwd()}/flows.ts`, cwd: process.cwd() });
});

test("the run's variables win over the deployment's, and those over the template's defaults", () => {
  const template = { variables: { properties: { command: { default: 'c' } } } };
  const deployment = { command: 'b' };
  const run = { command: 'a' };
  expect(resolveJob(claimOf({ deployment, run }), template)).toMatchObject({ command: 'a' });
  expect(resolveJob(claimOf({ deployment }), template)).toMatchObject({ command: 'b' });
  expect(resolveJob(claimOf({}), template)).toMatchObject({ command: 'c' });
});

test('a text that is one placeholder becomes the value, others have it filled in', () => {
  const template = {
    job_configuration: {
      command: 'go {{ n }} {{o}} [{{ missing }}]',
      env: { ONE: '{{ n }}', ALL: '{{ o }}', NONE: '{{ missing }}', TEXT: 'n={{ n }}' },
    },
  };
  const run = { n: 1, o: { a: 2 } };
  expect(resolveJob(claimOf({ run }), template)).toMatchObject({
    command: `set -- '1' '{"a":2}'\ngo "\${1}" "\${2}" []`,
    env: { ONE: '1', ALL: '{"a":2}', NONE: undefined, TEXT: 'n=1' },
  });
});

test.each([
  [{ command: 'go', env: { A: 'x\0secret' } }, 'The environment variable "A" holds a NUL'],
  [
    { command: 'go', env: { 'A\0B': 'secret' } },
    'The environment variable "A\\u0000B" holds a NUL',
  ],
  [{ command: 'go secret\0' }, 'The command holds a NUL'],
])('what no process can have is named, and its value is not: %#', (run, told) => {
  const job = resolveJob(claimOf({ run }), {});
  expect(job.type).toBe('nothing');
  expect(job).toHaveProperty('message', expect.stringContaining(told));
  expect(JSON.stringify(job)).not.toContain('secret');
});

test('placeholders of another kind are left alone', () => {
  const run = { command: 'echo {{ prefect.blocks.secret.x }}' };
  expect(resolveJob(claimOf({ run }), {})).toMatchObject({ command: run.command });
});

const taken = { command: 'theirs', env: { A: 'theirs' }, working_dir: '/theirs' };

test('a template that names neither env nor working_dir takes neither', () => {
  const template = { job_configuration: { command: 'ours' } };
  const job = resolveJob(claimOf({ deployment: taken, run: taken }), template);
  expect(job).toEqual({ type: 'command', command: 'ours', cwd: '/srv', env: {} });
});

test('a template that names no command takes none, and says so', () => {
  const template = { job_configuration: { env: '{{ env }}' } };
  const job = resolveJob(claimOf({ run: taken }), template);
  expect(job).toMatchObject({ message: expect.stringContaining('template takes no command') });
});

test('a command that the template writes is what runs, whatever the entrypoint', () => {
  const template = { job_configuration: { command: 'make {{ target }}' } };
  const job = resolveJob(claimOf({ entrypoint: 'flows.ts:f', run: { target: 'x' } }), template);
  expect(job).toMatchObject({ type: 'command' });
  const theirs = { job_configuration: { command: '{{ command }}' } };
  const flow = resolveJob(claimOf({ entrypoint: 'flows.ts:f', run: taken }), theirs);
  expect(flow).toMatchObject({ type: 'flow', exportName: 'f', env: {} });
});

test.each([{}, { job_configuration: {} }, processPool()])(
  "an unmodified pool of the type process takes command, env and working_dir, as Prefect's worker does: %#",
  (template) => {
    expect(resolveJob(claimOf({ run: taken }), template)).toEqual({
      type: 'command',
      command: 'theirs',
      cwd: '/theirs',
      env: { A: 'theirs' },
    });
  },
);

/** What Prefect's CLI creates a pool of the type process with. */
function processPool() {
  const names = ['command', 'env', 'labels', 'name', 'stream_output', 'working_dir'];
  return {
    job_configuration: Object.fromEntries(names.map((name) => [name, `{{ ${name} }}`])),
    variables: { type: 'object', properties: Object.fromEntries(names.map((n) => [n, {}])) },
  };
}

test('a value that could be code for another interpreter is refused, and not told', () => {
  const template = { job_configuration: { command: 'bash -c "make {{ target }}"' } };
  const job = resolveJob(claimOf({ run: { target: 'x; secret' } }), template);
  expect(job).toMatchObject({
    type: 'nothing',
    message: expect.stringContaining('writes {{ target }} into code for another interpreter'),
  });
  expect(JSON.stringify(job)).not.toContain('secret');
});
