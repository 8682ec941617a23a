import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRunOfDeployment } from '../../core/runs/create-run.ts';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession, propose } from '../support/work.ts';
import { deployer, FULL } from './deployer.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post, remove } = requestsTo(() => stack);
const { deployed } = deployer(() => stack);

describe('many at once', () => {
  test('deployments that match are deleted, at most as many as asked', async () => {
    const made = [await deployed(), await deployed(), await deployed()];
    const [a, b, c] = made.map(({ deployment }) => deployment.id) as [string, string, string];
    const both = { deployments: { id: { any_: [a, b] } } };
    const one = await post('/deployments/bulk_delete', { ...both, limit: 1 });
    expect(one.body.deleted).toHaveLength(1);
    const rest = await post('/deployments/bulk_delete', both);
    expect([...one.body.deleted, ...rest.body.deleted].sort()).toEqual([a, b].sort());
    expect((await get(`/deployments/${c}`)).status).toBe(200);
  });

  test('flows that match are deleted, with their deployments; their runs stay on record', async () => {
    const { deployment, flow } = await deployed();
    const [run] = await createRuns(stack.client, deployment.id, 1);
    const { status, body } = await post('/flows/bulk_delete', {
      flows: { name: { any_: [flow.name, 'no'] } },
    });
    expect({ status, body }).toEqual({ status: 200, body: { deleted: [flow.id] } });
    expect((await get(`/flows/${flow.id}`)).status).toBe(404);
    expect((await get(`/deployments/${deployment.id}`)).status).toBe(404);
    expect((await get(`/flow_runs/${run}`)).body.state_type).toBe('CANCELLED');
  });
});

describe('a deployment that is deleted', () => {
  test('frees its name for a new one', async () => {
    const { at, deployment, flow } = await deployed(FULL);
    expect((await remove(at)).status).toBe(204);
    expect((await remove(at)).status).toBe(404);
    expect((await get(at)).body.code).toBe('deployment_not_found');
    expect((await get(`/deployments/name/${flow.name}/d`)).body.code).toBe('deployment_not_found');
    expect((await post(`${at}/create_flow_run`, {})).status).toBe(404);
    const again = await post('/deployments/', { name: 'd', flow_id: flow.id });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ tags: [], version: null, global_concurrency_limit: null });
    expect(again.body.id).not.toBe(deployment.id);
  });

  test('has its waiting runs cancelled; who holds one ends it; all stay on record', async () => {
    const { client } = stack;
    const { deployment, pool } = await createWork(client);
    const agent = await openSession(client, pool);
    const waiting = await createRuns(client, deployment.id, 30);
    const [held] = (await claimRuns(client, pool, agent)).runs;
    if (!held) throw new Error('nothing was claimed');
    await client.deleteDeployment({ id: deployment.id });
    const states = await Promise.all(waiting.map((id) => client.readFlowRun({ id })));
    const told = states.map(({ id, state_type, state }) => [
      state_type,
      id === held.flow_run.id ? null : state?.message,
    ]);
    expect(new Set(told.map(String))).toEqual(
      new Set(['PENDING,', 'CANCELLED,Its deployment was deleted.']),
    );
    expect((await claimRuns(client, pool, agent, { limit: 50 })).runs).toEqual([]);
    expect(await propose(client, held, 'RUNNING')).toMatchObject({ status: 'ACCEPT' });
    expect(await propose(client, held, 'COMPLETED')).toMatchObject({ status: 'ACCEPT' });
    expect((await client.readFlowRun({ id: held.flow_run.id })).deployment_id).toBe(deployment.id);
  });

  test('has runs cancelled, too, that are created while it is deleted', async () => {
    let meanwhile = async (): Promise<unknown> => undefined;
    const { tableName, endpoint } = stack;
    const other = await startTestStack({
      table: { tableName, endpoint },
      wrapStore: (store) => ({
        ...store,
        deleteDeployment: async (...given) => {
          const done = await store.deleteDeployment(...given);
          await meanwhile();
          return done;
        },
      }),
    });
    try {
      const { client, context } = other;
      const { deployment } = await createWork(client);
      const [record] = await context.store.readDeployments([deployment.id]);
      if (!record) throw new Error('it is gone');
      const late: string[] = [];
      // Who has read the deployment before it was deleted creates a run of it.
      meanwhile = async () => late.push((await createRunOfDeployment(context, record, {})).run.id);
      await client.deleteDeployment({ id: deployment.id });
      const [id = ''] = late;
      expect((await client.readFlowRun({ id })).state_type).toBe('CANCELLED');
    } finally {
      await other.stop();
    }
  });

  test('with a limit ends that, and its holder frees its slot all the same', async () => {
    const { client } = stack;
    const { at, deployment, pool } = await deployed({ concurrency_limit: 1 });
    const agent = await openSession(client, pool);
    await createRuns(client, deployment.id, 2);
    const [held] = (await claimRuns(client, pool, agent)).runs;
    if (!held) throw new Error('nothing was claimed');
    expect((await remove(at)).status).toBe(204);
    await propose(client, held, 'RUNNING');
    expect(await propose(client, held, 'COMPLETED')).toMatchObject({ status: 'ACCEPT' });
    const left = await stack.context.store.readSlots({ kind: 'deployment', id: deployment.id });
    expect(left).toMatchObject({ limit: { limit: null }, held: [] });
  });

  test('while it is created again, many times at once, is there once or not at all', async () => {
    const { flow, at } = await deployed();
    const body = { name: 'd', flow_id: flow.id };
    const all = await Promise.all([
      remove(at),
      ...Array.from({ length: 4 }, () => post('/deployments/', body)),
    ]);
    expect(all.slice(1).every(({ status }) => status === 200 || status === 201)).toBe(true);
    const listed = await post('/deployments/filter', { flows: { id: { any_: [flow.id] } } });
    expect(listed.body.length).toBeLessThanOrEqual(1);
  });
});
