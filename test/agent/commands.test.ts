import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { untilGone } from '../support/processes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { executionsFile, newPool, startTestAgent } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

interface CommandRun {
  readonly command: string;
  readonly variables?: Record<string, unknown>;
  readonly parameters?: Record<string, unknown>;
  readonly template?: Record<string, unknown>;
}

/** Lets an agent run a command, and returns the run as it is afterwards. */
async function execute({ command, variables, parameters, template }: CommandRun) {
  const { client, url } = stack;
  const pool = await newPool(client, template);
  const { id: flow_id } = await client.createFlow({ body: { name: 'a-command' } });
  const deployment = await client.createDeployment({
    body: {
      name: pool,
      flow_id,
      work_pool_name: pool,
      job_variables: { command, ...variables },
    },
  });
  const { id } = await client.createFlowRunFromDeployment({
    id: deployment.id,
    body: { parameters: parameters ?? {} },
  });
  await using agent = await startTestAgent({ url, pool });
  await agent.event('run_finished');
  return client.readFlowRun({ id });
}

test('a command that exits with 0 has COMPLETED; it gets the parameters on its input', async () => {
  using out = executionsFile();
  const run = await execute({ command: `cat > ${out.path}`, parameters: { a: [1, 'ü'] } });
  expect(run.state_type).toBe('COMPLETED');
  expect(JSON.parse(readFileSync(out.path, 'utf8'))).toEqual({ a: [1, 'ü'] });
});

test('a command that exits otherwise has FAILED, and its code is told', async () => {
  const run = await execute({ command: 'exit 3' });
  expect(run.state).toMatchObject({ type: 'FAILED', message: 'The command exited with code 3.' });
});

test('a command that is killed has CRASHED, and the signal is told', async () => {
  const run = await execute({ command: 'kill -9 $$' });
  expect(run.state).toMatchObject({
    type: 'CRASHED',
    message: 'The command was killed by SIGKILL.',
  });
});

test('its environment says which run it is, and holds the proof of its claim', async () => {
  using out = executionsFile();
  const run = await execute({
    command: `env > ${out.path}`,
    variables: { env: { COLOUR: 'blue' } },
    parameters: { a: 1 },
  });
  const env = new Map(
    out
      .lines()
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(env.get('COLOUR')).toBe('blue');
  expect(env.get('DIBS_API_URL')).toBe(stack.url);
  expect(env.get('PREFECT_API_URL')).toBe(stack.url);
  expect(env.get('DIBS_RUN_ID')).toBe(run.id);
  expect(env.get('DIBS_ATTEMPT')).toBe('1');
  expect(env.get('DIBS_PARAMETERS')).toBe('{"a":1}');
  const token = env.get('DIBS_CLAIM_TOKEN');
  expect(token?.startsWith(`${run.id}.1.`)).toBe(true);
  expect(JSON.parse(env.get('PREFECT_CLIENT_CUSTOM_HEADERS') ?? '')).toEqual({
    'Dibs-Claim-Token': token,
  });
});

test('large parameters are on the input only', async () => {
  using out = executionsFile();
  const text = 'x'.repeat(40_000);
  await execute({
    command: `printf '%s ' "\${DIBS_PARAMETERS-unset}" > ${out.path}; wc -c >> ${out.path}`,
    parameters: { text },
  });
  const [inEnv, bytes] = out.lines().join('').trim().split(/\s+/);
  expect(inEnv).toBe('unset');
  expect(Number(bytes)).toBe(JSON.stringify({ text }).length);
});

test("the pool's template is filled from the run, the deployment and the template's defaults", async () => {
  using out = executionsFile();
  const template = {
    job_configuration: {
      command: `echo {{ greeting }} {{ name }} > ${out.path}; pwd >> ${out.path}`,
      working_dir: '{{ working_dir }}',
    },
    variables: {
      properties: {
        greeting: { default: 'hello' },
        name: {},
        working_dir: { default: dirname(out.path) },
      },
    },
  };
  await execute({ command: 'never used', variables: { name: 'Ada' }, template });
  expect(out.lines()).toEqual(['hello Ada', dirname(out.path)]);
});

test('an environment that no process can have is told of without its values', async () => {
  const run = await execute({ command: 'true', variables: { env: { A: 'secret\0y' } } });
  expect(run.state?.type).toBe('CRASHED');
  expect(run.state?.message).toContain('The environment variable "A" holds a NUL');
  expect(run.state?.message).not.toContain('secret');
});

test('an environment that is too large is told of by its code', async () => {
  const env = { A: `secret${'y'.repeat(200_000)}` };
  const run = await execute({ command: 'true', variables: { env } });
  expect(run.state).toMatchObject({
    type: 'CRASHED',
    message: "The run's process cannot be started: E2BIG",
  });
});

test('what a command leaves running is ended with it', async () => {
  using out = executionsFile();
  const late = join(dirname(out.path), 'late');
  await execute({ command: `(sleep 60; touch ${late}) & echo $! > ${out.path}` });
  const [pid] = out.lines();
  await untilGone(Number(pid));
  expect(existsSync(late)).toBe(false);
});
