import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestsTo } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, openSession } from '../support/work.ts';

let stack: TestStack;
let ids: Record<string, string>;
const tag = randomUUID();
beforeAll(async () => {
  stack = await startTestStack();
  for (const name of ['process', 'docker']) {
    await post('/work_pools/', { name: `${name}-${tag}`, type: name });
  }
  const [reports, mails] = await Promise.all(
    ['Reports', 'mails'].map(
      async (name) => (await post('/flows/', { name: `${name}-${tag}` })).body.id,
    ),
  );
  const deploy = async (name: string, flow_id: string, more: object = {}) =>
    (await post('/deployments/', { name: `${name}-${tag}`, flow_id, ...more })).body.id as string;
  const d = await deploy('d', mails, {
    work_queue_name: 'urgent',
    work_pool_name: `docker-${tag}`,
  });
  const c = await deploy('c', mails, { paused: true });
  const b = await deploy('b', reports, { work_pool_name: `process-${tag}`, tags: [tag] });
  const a = await deploy('A', reports, { work_pool_name: `process-${tag}`, tags: [tag, 'x'] });
  ids = { [a]: 'A', [b]: 'b', [c]: 'c', [d]: 'd' };
  await patch(`/deployments/${c}`, { description: 'last' });
});
afterAll(() => stack.stop());

const { get, post, patch } = requestsTo(() => stack);
const mine = { name: { like_: tag } };

test.each<[object, string]>([
  [{ deployments: mine }, 'Abcd'],
  [{ deployments: mine, sort: 'NAME_DESC' }, 'dcbA'],
  [{ deployments: mine, sort: 'CREATED_DESC' }, 'Abcd'],
  [{ deployments: mine, sort: 'UPDATED_DESC' }, 'cAbd'],
  [{ deployments: mine, limit: 2, offset: 1 }, 'bc'],
  [{ deployments: { name: { any_: [`c-${tag}`, 'no'] } } }, 'c'],
  [{ deployments: { flow_or_deployment_name: { like_: `REPORTS-${tag}` } } }, 'Ab'],
  [{ deployments: { flow_or_deployment_name: { like_: `d-${tag}` } } }, 'd'],
  [{ deployments: { ...mine, paused: { eq_: true } } }, 'c'],
  [{ deployments: { ...mine, paused: { eq_: false } } }, 'Abd'],
  [{ deployments: { tags: { all_: [tag, 'x'] } } }, 'A'],
  [{ deployments: { tags: { any_: [tag, 'y'] } } }, 'Ab'],
  [{ deployments: { ...mine, tags: { is_null_: true } } }, 'cd'],
  [{ deployments: { ...mine, work_queue_name: { any_: ['default'] } } }, 'Ab'],
  [{ deployments: { ...mine, concurrency_limit: { ge_: 5 } } }, 'Abcd'],
  [
    {
      deployments: {
        operator: 'or_',
        name: { any_: [`c-${tag}`] },
        work_queue_name: { any_: ['urgent'] },
      },
    },
    'cd',
  ],
  [{ deployments: { id: { any_: [] } } }, ''],
  [{ flows: { name: { any_: [`mails-${tag}`] } } }, 'cd'],
  [{ flows: { name: { like_: `reports-${tag}` } } }, 'Ab'],
  [{ work_pools: { name: { any_: [`docker-${tag}`] } } }, 'd'],
  [{ deployments: mine, work_pools: { type: { any_: ['process', 'docker'] } } }, 'Abd'],
  [{ deployments: mine, work_pool_queues: { name: { startswith_: ['urg'] } } }, 'd'],
  [
    {
      work_pools: { name: { any_: [`process-${tag}`] } },
      work_pool_queues: { name: { any_: ['urgent'] } },
    },
    '',
  ],
  [
    {
      deployments: mine,
      flow_runs: null,
      task_runs: null,
      work_pools: null,
      sort: null,
      limit: null,
    },
    'Abcd',
  ],
])('deployments are listed by %j: %s', async (body, expected) => {
  const { body: found } = await post('/deployments/filter', body);
  expect(found.map(({ id }: { id: string }) => ids[id]).join('')).toBe(expected);
  if ('limit' in body && body.limit) return;
  expect((await post('/deployments/count', body)).body).toBe(expected.length);
});

test('by id, and without some', async () => {
  const [one = '', ...others] = Object.keys(ids);
  for (const id of [{ any_: [one] }, { not_any_: others }]) {
    const { body } = await post('/deployments/filter', { deployments: { ...mine, id } });
    expect(body.map((found: { id: string }) => found.id)).toEqual([one]);
  }
});

test('page by page', async () => {
  const page = async (number: number) =>
    (await post('/deployments/paginate', { deployments: mine, limit: 3, page: number })).body;
  const [first, second] = [await page(1), await page(2)];
  expect(first).toMatchObject({ count: 4, limit: 3, pages: 2, page: 1 });
  expect(first.results).toHaveLength(3);
  expect(second).toMatchObject({ count: 4, page: 2, results: [{ name: `d-${tag}` }] });
});

test('a list is as the deployments are, and says which of them agents wait for', async () => {
  const pool = `process-${tag}`;
  await claimRuns(stack.client, pool, await openSession(stack.client, pool));
  const { body } = await post('/deployments/filter', { deployments: mine });
  for (const found of body) {
    expect((await get(`/deployments/${found.id}`)).body).toEqual(found);
  }
  expect(body.map(({ status }: { status: string }) => status)).toEqual([
    'READY',
    'READY',
    'NOT_READY',
    'NOT_READY',
  ]);
});

test('a list of large deployments stops before a reply is too large', async () => {
  const flow = (await post('/flows/', { name: `large-${tag}` })).body;
  const parameters = { text: 'x'.repeat(290_000) };
  const names = Array.from({ length: 16 }, (_, i) => `large ${i}`);
  await Promise.all(
    names.map((name) => post('/deployments/', { name, flow_id: flow.id, parameters })),
  );
  const { status, body } = await post('/deployments/filter', {
    flows: { id: { any_: [flow.id] } },
  });
  expect(status).toBe(200);
  expect(body.length).toBeGreaterThan(5);
  expect(body.length).toBeLessThan(16);
});

test.each<[object, number]>([
  [{ deployments: { nonsense: 1 } }, 422],
  [{ deployments: { is_schedule_active: { eq_: true } } }, 422],
  [{ sort: 'ID_DESC' }, 422],
  [{ limit: 201 }, 422],
])('deployments are not listed by %j: %i', async (body, status) => {
  const answers = await Promise.all(
    ['filter', 'paginate'].map((route) => post(`/deployments/${route}`, body)),
  );
  expect(answers.map((answer) => answer.status)).toEqual([status, status]);
});
