import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECOND, toIso } from '../../model/values/instant.ts';
import { movableClock } from '../support/clock.ts';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

const clock = movableClock();
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { now: clock.now } });
});
afterAll(() => stack.stop());

const { send } = requestsTo(() => stack);

const names = async (pool: string, workers?: object) =>
  (await send('POST', `/work_pools/${pool}/workers/filter`, { workers })).body.map(
    (worker: { name: string }) => worker.name,
  );

test('workers are filtered by status and last heartbeat, one per name, the latest first', async () => {
  const { client } = stack;
  const { pool } = await createWork(client);
  const beat = (name: string) =>
    client.workerHeartbeat({ name: pool, body: { name, heartbeat_interval_seconds: 30 } });
  await beat('silent');
  clock.jump(80 * SECOND);
  const between = toIso(clock.now());
  await beat('once');
  clock.jump(20 * SECOND);
  await beat('twice');
  const online = { status: { any_: ['ONLINE'] } };
  expect(await names(pool, online)).toEqual(['twice', 'once']);
  expect(await names(pool, { status: { not_any_: ['ONLINE'] } })).toEqual(['silent']);
  expect(await names(pool, { status: { any_: [] } })).toEqual([]);
  expect(await names(pool)).toEqual(['twice', 'once', 'silent']);
  expect(await names(pool, { last_heartbeat_time: { before_: between } })).toEqual(['silent']);
  const since = { last_heartbeat_time: { after_: between } };
  expect(await names(pool, since)).toEqual(['twice', 'once']);
  const either = { operator: 'or_', status: { any_: ['OFFLINE'] }, ...since };
  expect(await names(pool, either)).toHaveLength(3);

  // It comes back, in another session: it is one worker all the same.
  await client.deleteWorker({ name: pool, worker: 'silent' });
  await beat('silent');
  expect(await names(pool, online)).toEqual(['silent', 'twice', 'once']);
  const { body } = await send('POST', `/work_pools/${pool}/workers/filter`, {
    limit: 1,
    offset: 1,
  });
  expect(body).toEqual([
    {
      id: expect.any(String),
      created: expect.any(String),
      updated: expect.any(String),
      name: 'twice',
      work_pool_id: (await client.readWorkPool({ name: pool })).id,
      last_heartbeat_time: expect.any(String),
      heartbeat_interval_seconds: 30,
      status: 'ONLINE',
    },
  ]);
  expect((await send('POST', '/work_pools/none/workers/filter')).status).toBe(404);
  const wrong = { workers: { status: { any_: ['BUSY'] } } };
  expect((await send('POST', `/work_pools/${pool}/workers/filter`, wrong)).status).toBe(422);
});

test('an agent that is deleted is off the list, and what it held goes to others at once', async () => {
  const { client } = stack;
  const { pool, deployment } = await createWork(client);
  const [id = ''] = await createRuns(client, deployment.id, 1);
  const me = await openSession(client, pool);
  expect((await claimRuns(client, pool, me)).runs).toHaveLength(1);
  const path = `/work_pools/${pool}/workers/${me.worker}`;
  expect(await send('DELETE', path)).toEqual({ status: 204, body: undefined });
  expect((await client.readFlowRun({ id })).state_type).toBe('SCHEDULED');
  expect(await names(pool)).toEqual([]);
  expect(await client.readWorkers({ name: pool })).toEqual([]);
  await expect(claimRuns(client, pool, me)).rejects.toMatchObject({ status: 410 });
  expect(await send('DELETE', path)).toMatchObject({
    status: 404,
    body: { code: 'worker_not_found' },
  });
  expect((await send('DELETE', '/work_pools/none/workers/w')).status).toBe(404);
});

test.each([-1, 0, 1, 3_601, 1e15])(
  'a worker that says it beats every %d seconds is not refused, for that would end it',
  async (seconds) => {
    const { client } = stack;
    const { pool } = await createWork(client);
    const body = { name: '', heartbeat_interval_seconds: seconds };
    expect((await send('POST', `/work_pools/${pool}/workers/heartbeat`, body)).status).toBe(204);
    const [worker] = await client.filterWorkers({ name: pool, body: {} });
    const interval = Math.min(Math.max(30, seconds), 3_600);
    expect(worker).toMatchObject({ name: '', heartbeat_interval_seconds: interval });
  },
);
