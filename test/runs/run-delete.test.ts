import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beat } from '../support/clock.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
let database: DynamoDBClient;
beforeAll(async () => {
  stack = await startTestStack({
    onClient: (client) => {
      database = client;
    },
  });
  work = await createWork(stack.client);
});
afterAll(() => stack.stop());

const remove = (id: string) => request(stack, 'DELETE', `/flow_runs/${id}`);
const create = (body: object, deployment = work.deployment) =>
  stack.client.createFlowRunFromDeployment({ id: deployment.id, body });

/** The sort keys of all that is kept of a run. */
async function kept(id: string): Promise<string[]> {
  const { Items = [] } = await database.send(
    new QueryCommand({
      TableName: stack.tableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `RUN#${id}` },
    }),
  );
  return Items.map((item) => String(item['sk']));
}

test('a deleted run is gone with its logs, its payloads and its moved states', async () => {
  const { id } = await create({ parameters: { text: 'x'.repeat(1_000) } });
  for (let i = 0; i < 25; i++) {
    const state = { type: 'SCHEDULED', name: `Again${i}` };
    await request(stack, 'POST', `/flow_runs/${id}/set_state`, { state, force: true });
  }
  const line = { name: 'l', level: 20, message: 'm', timestamp: new Date().toISOString() };
  for (let i = 0; i < 30; i++) {
    await stack.client.writeLogs({ body: [{ ...line, flow_run_id: id }] });
  }
  const kinds = new Set((await kept(id)).map((sk) => sk.split('#')[0]));
  expect(kinds).toEqual(new Set(['', 'INPUT', 'LOG', 'LOGS', 'STATE']));
  expect(await remove(id)).toEqual({ status: 204, body: undefined });
  expect(await kept(id)).toEqual([]);
  expect((await request(stack, 'GET', `/flow_runs/${id}`)).status).toBe(404);
  expect(await remove(id)).toMatchObject({
    status: 404,
    body: { detail: 'Flow run not found', code: 'flow_run_not_found' },
  });
});

test('its holder hears of it with the next heartbeat, and changes nothing any more', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const me = await openSession(stack.client, pool);
  const [id = ''] = await createRuns(stack.client, deployment.id, 1);
  const [run] = (await claimRuns(stack.client, pool, me)).runs;
  if (!run) throw new Error('nothing was claimed');
  expect((await remove(id)).status).toBe(204);
  const { lost } = await beat(stack.client, pool, me, { runs: [{ id, attempt: 1 }] });
  expect(lost).toEqual([{ id, attempt: 1, holder: null }]);
  await expect(propose(stack.client, run, 'COMPLETED')).rejects.toMatchObject({ status: 404 });
});

test('what it held of a limit is free at once', async () => {
  const { pool, deployment } = await createWork(stack.client, { poolLimit: 1 });
  const me = await openSession(stack.client, pool);
  await createRuns(stack.client, deployment.id, 2);
  const claim = async () => (await claimRuns(stack.client, pool, me)).runs;
  const slots = async () => (await stack.client.readWorkPoolSlots({ name: pool })).slots;
  const [first] = await claim();
  expect(await claim()).toEqual([]);
  expect(await slots()).toHaveLength(1);
  expect((await remove(first?.flow_run.id ?? '')).status).toBe(204);
  expect(await slots()).toEqual([]);
  expect(await claim()).toHaveLength(1);
});

test('a deleted key makes a new run, whose attempts go on where the old ones stopped', async () => {
  const { pool, deployment } = await createWork(stack.client);
  const me = await openSession(stack.client, pool);
  const body = { idempotency_key: 'again', parameters: { text: 'y'.repeat(1_000) } };
  const first = await create(body, deployment);
  const [old] = (await claimRuns(stack.client, pool, me)).runs;
  if (!old) throw new Error('nothing was claimed');
  expect((await remove(first.id)).status).toBe(204);
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['PATCH', ''],
    ['PATCH', '/labels'],
  ] as const) {
    const body = method === 'PATCH' ? {} : undefined;
    const answer = await request(stack, method, `/flow_runs/${first.id}${path}`, body);
    expect(answer.status, `${method} ${path}`).toBe(404);
  }
  expect(
    await stack.client.filterFlowRuns({ body: { flow_runs: { id: { any_: [first.id] } } } }),
  ).toEqual([]);

  const again = await create(body, deployment);
  expect(again).toMatchObject({ id: first.id, state_type: 'SCHEDULED', attempt: 1, run_count: 0 });
  expect(again.parameters).toEqual(body.parameters);
  const [mine] = (await claimRuns(stack.client, pool, me)).runs;
  expect(mine).toMatchObject({ attempt: 2, flow_run: { id: first.id } });
  await expect(propose(stack.client, old, 'RUNNING')).rejects.toMatchObject({
    status: 409,
    body: { code: 'claim_lost', attempt: 2 },
  });
});

test('20 creates at once over a deleted key make one run', async () => {
  const body = { idempotency_key: randomUUID() };
  const { id } = await create(body);
  await remove(id);
  const path = `/deployments/${work.deployment.id}/create_flow_run`;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => request(stack, 'POST', path, body)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
});

test('ten deletes at once delete it once, and none of them fails', async () => {
  const { id } = await create({});
  const answers = await Promise.all(Array.from({ length: 10 }, () => remove(id)));
  expect(answers.every(({ status }) => status === 204 || status === 404)).toBe(true);
  expect(answers.some(({ status }) => status === 204)).toBe(true);
});
