import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expirePauses } from '../../core/proposals/expire-pauses.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createWork } from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client, { poolLimit: 1 });
});
afterAll(() => stack.stop());

const create = (body: object) =>
  request(stack, 'POST', '/flow_runs/', { flow_id: work.flow.id, ...body });
const read = async (id: string) => (await request(stack, 'GET', `/flow_runs/${id}`)).body;
const slots = async () => (await stack.client.readWorkPool({ name: work.pool })).active_slots;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

test('a run may name its deployment, and takes neither parameters nor a queue from it', async () => {
  const { status, body } = await create({ deployment_id: work.deployment.id });
  expect(status).toBe(201);
  expect(await read(body.id)).toMatchObject({
    deployment_id: work.deployment.id,
    state_type: 'PENDING',
    work_queue_name: null,
    parameters: {},
  });
  const pooled = await create({
    deployment_id: work.deployment.id,
    work_pool_name: work.pool,
    state: { type: 'SCHEDULED' },
  });
  expect(pooled.body).toMatchObject({ work_pool_name: work.pool, work_queue_name: 'default' });
});

test('a deployment that does not exist is refused', async () => {
  const { status, body } = await create({ deployment_id: randomUUID() });
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'deployment_not_found' });
});

test('a run that begins as paused is held by nobody, and whoever resumes it executes it', async () => {
  const { body } = await create({ state: { type: 'PAUSED' }, work_pool_name: work.pool });
  expect(body).toMatchObject({ state_type: 'PAUSED', claimed_by: null, attempt: 0 });
  expect(await slots()).toBe(0);
  const resumed = await request(stack, 'POST', `/flow_runs/${body.id}/resume`, {});
  expect(resumed.body).toMatchObject({ status: 'ACCEPT', state: { type: 'RUNNING' } });
  expect(await read(body.id)).toMatchObject({ run_count: 1, attempt: 1 });
  expect(await slots()).toBe(1);
  await request(stack, 'POST', `/flow_runs/${body.id}/set_state`, { state: { type: 'COMPLETED' } });
  expect(await slots()).toBe(0);
});

test('a run that begins as paused, and is not resumed in time, fails', async () => {
  const state = { type: 'PAUSED', state_details: { pause_timeout: ago(5) } };
  const { body } = await create({ state });
  await expirePauses(stack.context);
  expect(await read(body.id)).toMatchObject({ state_type: 'FAILED' });
});

test('a run that begins as cancelling takes no slot, and can only be cancelled', async () => {
  const { body } = await create({ state: { type: 'CANCELLING' }, work_pool_name: work.pool });
  expect(body).toMatchObject({ state_type: 'CANCELLING', attempt: 1 });
  expect(await slots()).toBe(0);
  const set = async (type: string) =>
    (await request(stack, 'POST', `/flow_runs/${body.id}/set_state`, { state: { type } })).body;
  expect((await set('RUNNING')).status).toBe('REJECT');
  expect(await set('CANCELLED')).toMatchObject({ status: 'ACCEPT' });
});

test('an empty name is none: the server makes one up', async () => {
  const { body } = await create({ name: '' });
  expect(body.name).toMatch(/^[a-z]+-[a-z]+$/);
  await request(stack, 'PATCH', `/flow_runs/${body.id}`, { name: 'mine' });
  await request(stack, 'PATCH', `/flow_runs/${body.id}`, { name: '' });
  expect((await read(body.id)).name).toBe(body.name);
});
