import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { createRuns } from '../support/work.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const { get, post, patch, remove } = requestsTo(() => stack);

const createFlow = async (more: object = {}) =>
  (await post('/flows/', { name: `flow-${randomUUID()}`, ...more })).body;

describe('a flow', () => {
  test('is created once: the second is told of the first, as it is', async () => {
    const flow = await createFlow({ tags: ['a'], labels: { k: 1 } });
    const again = await post('/flows/', { name: flow.name, tags: ['b'], labels: { j: 2 } });
    expect(again).toEqual({ status: 200, body: flow });
    expect((await get(`/flows/name/${flow.name}`)).body).toEqual(flow);
  });

  test('has its tags changed, and nothing else', async () => {
    const flow = await createFlow({ tags: ['a'], labels: { k: 1 } });
    expect(await patch(`/flows/${flow.id}`, { tags: ['b'] })).toMatchObject({ status: 204 });
    const { body } = await get(`/flows/${flow.id}`);
    expect(body).toEqual({ ...flow, tags: ['b'], updated: body.updated });
    expect((await patch(`/flows/${flow.id}`, {})).status).toBe(204);
    expect((await get(`/flows/${flow.id}`)).body.tags).toEqual(['b']);
    for (const wrong of [{ tags: null }, { name: 'x' }, { labels: {} }]) {
      expect((await patch(`/flows/${flow.id}`, wrong)).status).toBe(422);
    }
  });

  test('is deleted with its deployments; its runs stay on record, and wait no longer', async () => {
    const flow = await createFlow();
    const made = await Promise.all(
      ['a', 'b'].map((name) => post('/deployments/', { name, flow_id: flow.id })),
    );
    const [first = ''] = made.map(({ body }) => body.id as string);
    const [run = ''] = await createRuns(stack.client, first, 1);
    expect((await remove(`/flows/${flow.id}`)).status).toBe(204);
    for (const { body } of made) expect((await get(`/deployments/${body.id}`)).status).toBe(404);
    expect((await get(`/flows/${flow.id}`)).body.code).toBe('flow_not_found');
    expect((await get(`/flow_runs/${run}`)).body).toMatchObject({
      flow_id: flow.id,
      state_type: 'CANCELLED',
    });
    expect((await createFlow({ name: flow.name })).tags).toEqual([]);
  });

  test('that is not there: 404, by every route', async () => {
    const at = `/flows/${randomUUID()}`;
    for (const answer of [await get(at), await patch(at, { tags: [] }), await remove(at)]) {
      expect([answer.status, answer.body.code]).toEqual([404, 'flow_not_found']);
    }
  });
});

describe('flows are listed', () => {
  let names: Record<string, string>;
  let pool: string;
  const tag = randomUUID();
  beforeAll(async () => {
    pool = `pool-${tag}`;
    await post('/work_pools/', { name: pool, type: 'process' });
    const made = {
      b: await createFlow({ name: `b-${tag}`, tags: [tag, 'x'] }),
      a: await createFlow({ name: `a-${tag}`, tags: [tag] }),
      c: await createFlow({ name: `C-${tag}` }),
    };
    names = Object.fromEntries(Object.values(made).map(({ id, name }) => [id, name[0]]));
    const pooled = { name: 'pooled', flow_id: made.a.id, work_pool_name: pool, tags: ['of a'] };
    await post('/deployments/', pooled);
    await post('/deployments/', { name: 'bare', flow_id: made.b.id });
    await patch(`/flows/${made.b.id}`, { tags: [tag, 'x'] });
  });
  const mine = { name: { like_: `-${tag.toUpperCase()}` } };
  const list = async (body: object) => {
    const { body: found } = await post('/flows/filter', body);
    return found.map(({ id }: { id: string }) => names[id]).join('');
  };

  test.each<[object, string]>([
    [{ flows: mine }, 'Cab'],
    [{ flows: mine, sort: 'NAME_DESC' }, 'baC'],
    [{ flows: mine, sort: 'CREATED_DESC' }, 'Cab'],
    [{ flows: mine, sort: 'UPDATED_DESC' }, 'bCa'],
    [{ flows: mine, limit: 1, offset: 1 }, 'a'],
    [{ flows: mine, limit: 0 }, ''],
    [{ flows: { name: { any_: [`a-${tag}`, `b-${tag}`, 'no'] } } }, 'ab'],
    [{ flows: { tags: { all_: [tag, 'x'] } } }, 'b'],
    [{ flows: { ...mine, tags: { is_null_: true } } }, 'C'],
    [{ flows: { ...mine, deployment: { is_null_: true } } }, 'C'],
    [{ flows: { ...mine, deployment: { is_null_: false } } }, 'ab'],
    [{ flows: { operator: 'or_', name: { any_: [`C-${tag}`] }, tags: { all_: ['x'] } } }, 'Cb'],
    [{ flows: { id: { any_: [] } } }, ''],
    [{ flows: mine, deployments: { tags: { all_: ['of a'] } } }, 'a'],
    [{ flows: mine, deployments: { name: { any_: ['bare'] } } }, 'b'],
    [{ flows: mine, work_pools: { name: { any_: [`pool-${tag}`] } } }, 'a'],
    [{ flows: mine, work_pools: { type: { any_: ['other'] } } }, ''],
    [{ flows: mine, flow_runs: null, task_runs: null, work_queues: null, sort: null }, 'Cab'],
  ])('%j: %s', async (body, expected) => {
    expect(await list(body)).toBe(expected);
    const {
      limit: _,
      offset: __,
      sort: ___,
      ...which
    } = body as { limit?: number; offset?: number; sort?: string };
    if (!('limit' in body)) {
      expect((await post('/flows/count', which)).body).toBe(expected.length);
    }
  });

  test('by id, and without some', async () => {
    const [one = '', ...others] = Object.keys(names);
    expect(await list({ flows: { id: { any_: [one.toUpperCase()] } } })).toBe(names[one]);
    const { body } = await post('/flows/filter', { flows: { ...mine, id: { not_any_: others } } });
    expect(body.map(({ id }: { id: string }) => id)).toEqual([one]);
  });

  test('page by page', async () => {
    const page = (number: number) =>
      post('/flows/paginate', { flows: mine, limit: 2, page: number });
    const counts = { count: 3, limit: 2, pages: 2 };
    const [first, second, third] = [await page(1), await page(2), await page(3)];
    expect(first?.body).toMatchObject({ ...counts, page: 1 });
    expect(first?.body.results.map(({ id }: { id: string }) => names[id])).toEqual(['C', 'a']);
    expect(second?.body).toMatchObject({ ...counts, page: 2, results: [{ name: `b-${tag}` }] });
    expect(third?.body).toEqual({ ...counts, page: 3, results: [] });
    expect((await post('/flows/paginate', { flows: mine, limit: 0 })).body.pages).toBe(0);
  });

  test.each<[object, number]>([
    [{ flows: { nonsense: 1 } }, 422],
    [{ flows: { tags: { any_: ['x'] } } }, 422],
    [{ flows: { id: { any_: ['x'] } } }, 422],
    [{ flows: { operator: 'xor_' } }, 422],
    [{ sort: 'ID_DESC' }, 422],
    [{ limit: 201 }, 422],
    [{ limit: -1 }, 422],
    [{ offset: -1 }, 422],
  ])('not by %j: %i', async (body, status) => {
    expect((await post('/flows/filter', body)).status).toBe(status);
  });

  test('no page before the first: 422', async () => {
    expect((await post('/flows/paginate', { page: 0 })).status).toBe(422);
  });
});
