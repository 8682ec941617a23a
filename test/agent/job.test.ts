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
    command: 'go 1 {"a":2} []',
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
