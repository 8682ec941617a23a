import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR } from '../../model/values/instant.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

test('a poll that looks ahead cancels nothing that is not due, nor what met no full limit', async () => {
  const { client } = stack;
  const { pool, flow } = await createWork(client);
  const { id } = await client.createDeployment({
    body: {
      name: 'c',
      flow_id: flow.id,
      work_pool_name: pool,
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: 'CANCEL_NEW' },
    },
  });
  const createAt = async (hours: number) => {
    const state_details = { scheduled_time: inHours(hours) };
    const body = { state: { type: 'SCHEDULED' as const, state_details } };
    return (await client.createFlowRunFromDeployment({ id, body })).id;
  };
  const due = await createAt(-2);
  const next = await createAt(-1);
  const later = await createAt(1);
  const shown = async () => {
    const body = { scheduled_before: inHours(24) };
    const found = await client.pollWorkPool({ name: pool, body });
    return found.map(({ flow_run }) => flow_run.id);
  };
  const states = () =>
    Promise.all(
      [due, next, later].map(async (run) => (await client.readFlowRun({ id: run })).state_type),
    );

  // One slot is free: nobody holds it for being shown a run.
  expect(await shown()).toEqual([due]);
  expect(await states()).toEqual(['SCHEDULED', 'SCHEDULED', 'SCHEDULED']);

  await client.setState({ id: due, body: { state: { type: 'PENDING' } } });
  expect(await shown()).toEqual([]);
  expect(await states()).toEqual(['PENDING', 'CANCELLED', 'SCHEDULED']);

  await client.setState({ id: due, body: { state: { type: 'COMPLETED' } } });
  expect(await shown()).toEqual([later]);
});
