import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { loseFirstReplies } from '../support/lost-writes.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns, createWork } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ onClient: loseFirstReplies });
});
afterAll(() => stack.stop());
const { post, remove } = requestsTo(() => stack);

test('an input of a run is created and deleted once', async () => {
  const { deployment } = await createWork(stack.client);
  const [run = ''] = await createRuns(stack.client, deployment.id, 1);
  const input = { key: 'k', value: '1' };
  expect((await post(`/flow_runs/${run}/input`, input)).status).toBe(201);
  expect((await remove(`/flow_runs/${run}/input/k`)).status).toBe(204);
  expect((await remove(`/flow_runs/${run}/input/k`)).status).toBe(404);
});

test.each(['PAUSED', 'CANCELLED', 'CRASHED', 'SCHEDULED'])(
  'a run that nobody holds is %s by force, once',
  async (type) => {
    const { deployment } = await createWork(stack.client);
    const [run = ''] = await createRuns(stack.client, deployment.id, 1);
    const proposal = { state: { type }, force: true };
    const { body } = await post(`/flow_runs/${run}/set_state`, proposal);
    expect(body).toMatchObject({ status: 'ACCEPT', state: { type } });
  },
);

test('a run with an idempotency key is deleted once', async () => {
  const { deployment } = await createWork(stack.client);
  const body = { idempotency_key: 'k' };
  const { id } = await stack.client.createFlowRunFromDeployment({ id: deployment.id, body });
  expect((await remove(`/flow_runs/${id}`)).status).toBe(204);
  expect((await remove(`/flow_runs/${id}`)).status).toBe(404);
});
