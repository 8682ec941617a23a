import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../core/recovery/sweep.ts';
import type { StateType } from '../../model/runs/state.ts';
import { MINUTE, SECOND } from '../../model/values/instant.ts';
import { beat, movableClock } from '../support/clock.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

/** Who is given grace after a gap in service, and who is not. */
const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

/** A pool with one run, and an agent that executes it. */
async function scene() {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const holder = await openSession(client, pool);
  expect((await claimRuns(client, pool, holder, { start: true })).runs).toHaveLength(1);
  return { client, pool, id, holder };
}

const setState = (id: string, type: StateType, worker?: string) =>
  stack.client.setState({
    id,
    body: { state: { type, state_details: { transition_id: randomUUID() } } },
    headers: worker ? { 'x-prefect-worker-name': worker } : {},
  });

const workerBeat = (name: string, worker = 'w') =>
  stack.client.workerHeartbeat({ name, body: { name: worker } });

test('a Prefect worker that is back first does not take the grace of the agents', async () => {
  const { client, pool, holder } = await scene();
  const other = await openSession(client, pool);
  await workerBeat(pool);
  clock.jump(MINUTE);
  await workerBeat(pool);
  await beat(client, pool, other);
  expect((await claimRuns(client, pool, other)).runs).toEqual([]);
  await beat(client, pool, holder);
});

test('an agent that is back first does not take the grace of the Prefect workers', async () => {
  const { client, pool, holder } = await scene();
  await workerBeat(pool);
  clock.jump(100 * SECOND);
  await clock.pass(43 * SECOND, () => beat(client, pool, holder));
  await claimRuns(client, pool, holder);
  const workers = await client.readWorkers({ name: pool });
  expect(workers.find(({ name }) => name === 'w')?.ended).toBeNull();
});

test('an outage shorter than a lease is one: whoever was about to beat has only part of it left', async () => {
  const { client, pool, holder } = await scene();
  clock.jump(10 * SECOND);
  const other = await openSession(client, pool);
  clock.jump(21 * SECOND);
  await beat(client, pool, other);
  expect((await claimRuns(client, pool, other)).runs).toEqual([]);
  await beat(client, pool, holder);
});

test('who was dead before the gap has no grace: a pool that is visited once a minute recovers', async () => {
  const { client, pool, id } = await scene();
  let minutes = 0;
  for (; minutes < 5 && (await client.readFlowRun({ id })).state_type === 'RUNNING'; minutes++) {
    clock.jump(20 * SECOND);
    const visitor = await openSession(client, pool);
    await claimRuns(client, pool, visitor, { queue_names: ['default'] });
    await beat(client, pool, visitor, { ended: true });
    clock.jump(40 * SECOND);
    await sweep(stack.context);
  }
  expect(minutes).toBeLessThanOrEqual(2);
});

test('a Prefect worker under the name of an agent that was cut off does not end it', async () => {
  const { client, pool, holder } = await scene();
  clock.jump(MINUTE);
  await workerBeat(pool, holder.worker);
  await beat(client, pool, holder);
});

test('a run that is kept under a worker that is OFFLINE is CANCELLED within minutes, if it is to be', async () => {
  const { client, pool, holder } = await scene();
  const { deployment_id } = await client.readFlowRun({
    id: (await claimRunIds(pool))[0] ?? '',
  });
  const [id = ''] = await createRuns(client, deployment_id ?? '', 1);
  await workerBeat(pool);
  await setState(id, 'PENDING', 'w');
  await setState(id, 'RUNNING', 'w');
  const minute = async () => {
    await clock.pass(MINUTE, () => beat(client, pool, holder));
    await sweep(stack.context);
  };
  for (let minutes = 0; minutes < 10; minutes++) await minute();
  expect((await client.readFlowRun({ id })).state_type).toBe('RUNNING');
  await setState(id, 'CANCELLING');
  await minute();
  expect((await client.readFlowRun({ id })).state_type).toBe('CANCELLED');
});

const claimRunIds = async (pool: string) =>
  (await stack.client.readWorkers({ name: pool })).flatMap(({ holds }) =>
    holds.map(({ id }) => id),
  );

test('a run of no pool is looked after, too: cancelled after five minutes, idle after two', async () => {
  const { client, context } = stack;
  const flow = await client.createFlow({ body: { name: `hand-${randomUUID()}` } });
  const { id } = await client.createDeployment({ body: { name: 's', flow_id: flow.id } });
  const [a = '', b = ''] = await createRuns(client, id, 2);
  const byHand = await client.createFlowRun({ body: { flow_id: flow.id } });
  await setState(a, 'RUNNING');
  await setState(a, 'CANCELLING');
  await setState(b, 'PENDING');
  clock.jump(3 * MINUTE);
  await sweep(context);
  expect(await client.readFlowRun({ id: a })).toMatchObject({ state_type: 'CANCELLING' });
  expect(await client.readFlowRun({ id: b })).toMatchObject({ state_name: 'Rescheduled' });
  clock.jump(3 * MINUTE);
  await sweep(context);
  expect(await client.readFlowRun({ id: a })).toMatchObject({ state_type: 'CANCELLED' });
  // Nobody else would ever claim what a script calls for itself.
  expect(await client.readFlowRun({ id: byHand.id })).toMatchObject({ state_type: 'PENDING' });
});
