import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';
import { dibs } from './cli-process.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

test('run why says what holds a run up, and the command that helps', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  const { name } = await stack.client.readFlowRun({ id });
  expect(await dibs(stack.url, ['run', 'why', id])).toEqual({
    code: 0,
    out: [
      `${name} (${id}) is Scheduled.`,
      `no_live_agent: No agent or worker of pool "${pool}" is alive: none is on record.`,
      `-> Start one: dibs agent start --pool ${pool}`,
    ].join('\n'),
    err: '',
  });
  const { out } = await dibs(stack.url, ['run', 'why', id, '--json']);
  expect(JSON.parse(out)).toEqual(await stack.client.readFlowRunWhy({ id }));
});
