import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freeAbandonedSlots } from '../../core/named-limits/abandoned-slots.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

/** Nobody renews the lease of a tag's slot: who frees the slot of a holder that cannot? */
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const send = (method: string, path: string, body?: object) => request(stack, method, path, body);

/** A task run of a flow run, which holds the only slot of a tag. */
async function holdSlot() {
  const { deployment } = await createWork(stack.client);
  const [flowRun = ''] = await createRuns(stack.client, deployment.id, 1);
  const { body } = await send('POST', '/task_runs/', {
    flow_run_id: flowRun,
    task_key: 't',
    dynamic_key: '0',
    state: { type: 'RUNNING' },
  });
  const tag = randomUUID();
  await send('POST', '/concurrency_limits/', { tag, concurrency_limit: 1 });
  const taken = { names: [tag], task_run_id: body.id };
  expect((await send('POST', '/concurrency_limits/increment', taken)).status).toBe(200);
  const holders = async () =>
    (await send('GET', `/concurrency_limits/tag/${tag}`)).body.active_slots as string[];
  const count = async () =>
    (await send('GET', `/v2/concurrency_limits/tag:${tag}`)).body.active_slots as number;
  expect(await holders()).toEqual([body.id]);
  return {
    flowRun,
    taskRun: body.id as string,
    state: async () => [await holders(), await count()],
  };
}

const HELD = (taskRun: string) => [[taskRun], 1];
const FREE = [[], 0];

test('who is deleted, or whose flow run is deleted, holds no slot of its tag any more', async () => {
  const [one, two] = [await holdSlot(), await holdSlot()];
  expect((await send('DELETE', `/flow_runs/${one.flowRun}`)).status).toBe(204);
  expect(await one.state()).toEqual(FREE);
  expect((await send('DELETE', `/task_runs/${two.taskRun}`)).status).toBe(204);
  expect(await two.state()).toEqual(FREE);
});

test('who has ended, or whose flow run has ended, is found by the sweep, and nobody else', async () => {
  const [ended, crashed, going] = [await holdSlot(), await holdSlot(), await holdSlot()];
  const state = (type: string) => ({ state: { type }, force: true });
  await send('POST', `/task_runs/${ended.taskRun}/set_state`, state('COMPLETED'));
  await send('POST', `/flow_runs/${crashed.flowRun}/set_state`, state('CRASHED'));
  await freeAbandonedSlots(stack.context);
  expect(await ended.state()).toEqual(FREE);
  expect(await crashed.state()).toEqual(FREE);
  expect(await going.state()).toEqual(HELD(going.taskRun));
});
