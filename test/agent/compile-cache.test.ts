import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy } from '../../sdk/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { greet } from './flows.ts';
import { inFlows, newPool, startTestAgent } from './test-agent.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

async function greetWith(env: Record<string, string | null>): Promise<unknown> {
  const { client, url } = stack;
  const pool = await newPool(client);
  const { id } = await deploy(greet, inFlows(client, pool, 'greet'));
  // The tests' own cache would come first.
  const job_variables = { env: { ...env, NODE_COMPILE_CACHE: null } };
  const body = { parameters: { name: 'Ada' }, job_variables };
  const { id: runId } = await client.createFlowRunFromDeployment({ id, body });
  await using agent = await startTestAgent({ url, pool });
  const { state } = await agent.event('run_finished', (event) => event.runId === runId);
  return state.type;
}

test('children keep what they compiled for the next one, in the cache directory', async () => {
  const directory = tempDirectory();
  await expect(greetWith({ XDG_CACHE_HOME: directory })).resolves.toBe('COMPLETED');
  expect(readdirSync(directory)).toEqual(['dibs']);
  expect(readdirSync(join(directory, 'dibs'))).toHaveLength(1);
});

test('where nothing can be kept they run all the same', async () => {
  await expect(greetWith({ XDG_CACHE_HOME: '/dev/null' })).resolves.toBe('COMPLETED');
  await expect(greetWith({ XDG_CACHE_HOME: null, HOME: null })).resolves.toBe('COMPLETED');
});
