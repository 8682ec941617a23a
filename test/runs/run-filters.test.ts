import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../model/store.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, openSession, propose } from '../support/work.ts';

/**
 * A small world, each of its runs under a name of its own, and which of them each filter finds. The
 * same answers must come from every access path, so each filter is asked once more with one that
 * matches everything, but leads another way.
 */
let stack: TestStack;
const ids: Record<string, string> = {};
const HOUR = 3_600_000;
const now = Date.now();
const at = (ms: number) => new Date(now + ms).toISOString();
let flows: Record<'etl' | 'web', string>;
let deployments: Record<'daily' | 'hourly', string>;
let pools: Record<'east' | 'west', string>;
let queues: Record<'fast', string>;

beforeAll(async () => {
  stack = await startTestStack();
  const { client } = stack;
  const east = await client.createWorkPool({ body: { name: 'east', type: 'process' } });
  const west = await client.createWorkPool({ body: { name: 'west', type: 'docker' } });
  const fast = await client.createWorkQueue({ name: 'east', body: { name: 'fast' } });
  pools = { east: east.id, west: west.id };
  queues = { fast: fast.id };
  const etl = await client.createFlow({ body: { name: 'etl', tags: ['nightly'] } });
  const web = await client.createFlow({ body: { name: 'web' } });
  flows = { etl: etl.id, web: web.id };
  const deploy = (name: string, flow: string, pool: string, more = {}) =>
    client.createDeployment({ body: { name, flow_id: flow, work_pool_name: pool, ...more } });
  const daily = await deploy('daily', etl.id, 'east', { tags: ['prod'] });
  const hourly = await deploy('hourly', web.id, 'west');
  deployments = { daily: daily.id, hourly: hourly.id };

  const run = async (name: string, of: { id: string }, body: Record<string, unknown> = {}) => {
    const { id } = await client.createFlowRunFromDeployment({ id: of.id, body: { name, ...body } });
    ids[name] = id;
    return id;
  };
  const scheduled = (ms: number) => ({
    type: 'SCHEDULED' as const,
    state_details: { scheduled_time: at(ms) },
  });
  await run('done', daily, { tags: ['a', 'b'], idempotency_key: 'key-1' });
  await run('broken', daily, { tags: ['b'] });
  await run('running', daily, { work_queue_name: 'fast' });
  const me = await openSession(client, 'east');
  const { runs } = await claimRuns(client, 'east', me, { limit: 3, start: true });
  for (const claimed of runs) {
    if (claimed.flow_run.name === 'done') await propose(client, claimed, 'COMPLETED');
    if (claimed.flow_run.name === 'broken') await propose(client, claimed, 'FAILED');
  }
  await run('late', hourly, { state: scheduled(-2 * HOUR) });
  await run('tomorrow', hourly, { state: scheduled(24 * HOUR), tags: ['a'] });
  const byHand = await client.createFlowRun({
    body: { flow_id: web.id, name: 'by-hand', flow_version: 'v1', state: { type: 'RUNNING' } },
  });
  ids['by-hand'] = byHand.id;
  await run('cancelled', hourly, { state: { type: 'CANCELLED' } });
});
afterAll(() => stack.stop());

const ALL = ['broken', 'by-hand', 'cancelled', 'done', 'late', 'running', 'tomorrow'];

async function find(body: object): Promise<string[]> {
  const answer = await request(stack, 'POST', '/flow_runs/filter', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (answer.body as { name: string }[]).map(({ name }) => name).sort();
}

type Case = [what: string, filter: () => Record<string, unknown>, found: string[]];

const CASES: Case[] = [
  ['nothing said', () => ({}), ALL],
  ['operator alone', () => ({ operator: 'or_' }), ALL],
  ['ids', () => ({ id: { any_: [ids['done'], ids['late'], randomUUID()] } }), ['done', 'late']],
  ['no ids', () => ({ id: { any_: [] } }), []],
  ['other ids', () => ({ id: { not_any_: [ids['done']] } }), ALL.filter((n) => n !== 'done')],
  ['not no ids', () => ({ id: { not_any_: [] } }), ALL],
  ['names', () => ({ name: { any_: ['done', 'nobody'] } }), ['done']],
  ['like a name', () => ({ name: { like_: 'RO' } }), ['broken', 'tomorrow']],
  ['all tags', () => ({ tags: { all_: ['a', 'b'] } }), ['done']],
  ['any tag', () => ({ tags: { any_: ['a', 'prod'] } }), ['broken', 'done', 'running', 'tomorrow']],
  ['no tag', () => ({ tags: { is_null_: true } }), ['by-hand', 'cancelled', 'late']],
  [
    'either tags or none',
    () => ({ tags: { operator: 'or_', all_: ['a', 'b'], is_null_: true } }),
    ['by-hand', 'cancelled', 'done', 'late'],
  ],
  [
    'a deployment',
    () => ({ deployment_id: { any_: [deployments.daily] } }),
    ['broken', 'done', 'running'],
  ],
  ['no deployment', () => ({ deployment_id: { is_null_: true } }), ['by-hand']],
  ['no deployment of none', () => ({ deployment_id: { any_: [] } }), []],
  [
    'a deployment, or none',
    () => ({ deployment_id: { operator: 'or_', any_: [deployments.daily], is_null_: true } }),
    ['broken', 'by-hand', 'done', 'running'],
  ],
  ['a queue', () => ({ work_queue_name: { any_: ['fast'] } }), ['running']],
  ['no queue', () => ({ work_queue_name: { is_null_: true } }), ['by-hand']],
  ['waiting', () => ({ state: { type: { any_: ['SCHEDULED'] } } }), ['late', 'tomorrow']],
  ['running', () => ({ state: { type: { any_: ['RUNNING'] } } }), ['by-hand', 'running']],
  ['failed', () => ({ state: { type: { any_: ['FAILED', 'CRASHED'] } } }), ['broken']],
  ['paused', () => ({ state: { type: { any_: ['PAUSED'] } } }), []],
  ['no state', () => ({ state: { type: { any_: [] } } }), []],
  [
    'waiting, active or failed',
    () => ({ state: { type: { any_: ['SCHEDULED', 'PENDING', 'RUNNING', 'FAILED'] } } }),
    ['broken', 'by-hand', 'late', 'running', 'tomorrow'],
  ],
  [
    'not ended',
    () => ({ state: { type: { not_any_: ['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED'] } } }),
    ['by-hand', 'late', 'running', 'tomorrow'],
  ],
  ['late', () => ({ state: { name: { any_: ['Late'] } } }), ['late']],
  [
    'waiting, not late',
    () => ({ state: { type: { any_: ['SCHEDULED'] }, name: { not_any_: ['Late'] } } }),
    ['tomorrow'],
  ],
  [
    'late or running',
    () => ({
      state: { operator: 'or_', type: { any_: ['RUNNING'] }, name: { any_: ['Late'] } },
    }),
    ['by-hand', 'late', 'running'],
  ],
  ['a version', () => ({ flow_version: { any_: ['v1'] } }), ['by-hand']],
  ['started, or to be started', () => ({ start_time: { before_: at(-HOUR) } }), ['late']],
  ['never started', () => ({ start_time: { is_null_: true } }), ['late', 'tomorrow']],
  ['ended', () => ({ end_time: { is_null_: false } }), ['broken', 'cancelled', 'done']],
  [
    'ended some time',
    () => ({ end_time: { after_: at(-HOUR), before_: at(HOUR) } }),
    ['broken', 'cancelled', 'done'],
  ],
  ['ended before', () => ({ end_time: { before_: at(-HOUR) } }), []],
  ['expected later', () => ({ expected_start_time: { after_: at(HOUR) } }), ['tomorrow']],
  ['expected before', () => ({ expected_start_time: { before_: at(-HOUR) } }), ['late']],
  ['next', () => ({ next_scheduled_start_time: { before_: at(HOUR) } }), ['late']],
  ['no parent', () => ({ parent_task_run_id: { is_null_: true } }), ALL],
  ['parents', () => ({ parent_task_run_id: { any_: [randomUUID()] } }), []],
  ['parent runs', () => ({ parent_flow_run_id: { any_: [randomUUID()] } }), []],
  ['a key', () => ({ idempotency_key: { any_: ['key-1'] } }), ['done']],
  // As in SQL: what has no key is not known to be another one.
  ['another key', () => ({ idempotency_key: { not_any_: ['key-1'] } }), []],
  ['no creator', () => ({ created_by: { is_null_: true } }), ALL],
  ['a creator', () => ({ created_by: { type_: ['SCHEDULE'] } }), []],
  ['both', () => ({ tags: { any_: ['b'] }, state: { type: { any_: ['FAILED'] } } }), ['broken']],
  [
    'either',
    () => ({
      operator: 'or_',
      id: { any_: [ids['done']] },
      state: { type: { any_: ['FAILED'] } },
      name: { any_: ['late'] },
    }),
    ['broken', 'done', 'late'],
  ],
];

describe('flow runs by themselves', () => {
  test.each(CASES)('%s', async (_, filter, found) => {
    expect(await find({ flow_runs: filter() })).toEqual(found);
    const { body } = await request(stack, 'POST', '/flow_runs/count', { flow_runs: filter() });
    expect(body).toBe(found.length);
  });

  test.each(CASES)('%s, along another path', async (_, filter, found) => {
    // Under `or_` no criterion leads the way, so this goes through the timeline.
    const never = { name: { any_: ['nobody'] } };
    const { operator, ...criteria } = filter();
    if (operator !== 'or_' && Object.keys(criteria).length === 1 && !('name' in criteria)) {
      expect(await find({ flow_runs: { operator: 'or_', ...criteria, ...never } })).toEqual(found);
    }
    const every = { id: { any_: Object.values(ids) } };
    if (operator !== 'or_' && !('id' in criteria)) {
      expect(await find({ flow_runs: { ...criteria, ...every } })).toEqual(found);
    }
    const byDeployment = await find({
      flow_runs: filter(),
      deployments: { id: { any_: Object.values(deployments) } },
    });
    expect(byDeployment).toEqual(found.filter((name) => name !== 'by-hand'));
  });
});

describe('flow runs by what they belong to', () => {
  const RELATED: Case[] = [
    ['a flow', () => ({ flows: { name: { any_: ['etl'] } } }), ['broken', 'done', 'running']],
    ['no such flow', () => ({ flows: { name: { any_: ['nope'] } } }), []],
    [
      'a flow by id',
      () => ({ flows: { id: { any_: [flows.web] } } }),
      ['by-hand', 'cancelled', 'late', 'tomorrow'],
    ],
    [
      'a flow by tag',
      () => ({ flows: { tags: { all_: ['nightly'] } } }),
      ['broken', 'done', 'running'],
    ],
    ['any flow', () => ({ flows: {} }), ALL],
    [
      'a deployment',
      () => ({ deployments: { name: { like_: 'HOUR' } } }),
      ['cancelled', 'late', 'tomorrow'],
    ],
    ['any deployment', () => ({ deployments: {} }), ALL.filter((name) => name !== 'by-hand')],
    ['a pool', () => ({ work_pools: { name: { any_: ['east'] } } }), ['broken', 'done', 'running']],
    [
      'a type of pool',
      () => ({ work_pools: { type: { any_: ['docker'] } } }),
      ['cancelled', 'late', 'tomorrow'],
    ],
    [
      'a pool by id',
      () => ({ work_pools: { id: { any_: [pools.west] } } }),
      ['cancelled', 'late', 'tomorrow'],
    ],
    ['no pool', () => ({ work_pools: { id: { any_: [] } } }), []],
    ['a queue', () => ({ work_pool_queues: { id: { any_: [queues.fast] } } }), ['running']],
    [
      'queues that start so',
      () => ({ work_pool_queues: { name: { startswith_: ['fa'] } } }),
      ['running'],
    ],
    ['a task run', () => ({ task_runs: { id: { any_: [randomUUID()] } } }), []],
    [
      'a pool, and a state',
      () => ({
        work_pools: { name: { any_: ['east'] } },
        flow_runs: { state: { type: { any_: ['RUNNING'] } } },
      }),
      ['running'],
    ],
    [
      'null is nothing said',
      () => ({ flows: null, flow_runs: null, task_runs: null, work_pools: null, sort: null }),
      ALL,
    ],
  ];

  test.each(RELATED)('%s', async (_, filter, found) => {
    expect(await find(filter())).toEqual(found);
  });
});

describe('sorts and pages', () => {
  const listed = async (body: object) => {
    const { body: runs } = await request(stack, 'POST', '/flow_runs/filter', body);
    return (runs as { name: string }[]).map(({ name }) => name);
  };

  test.each([
    ['NAME_ASC', ALL],
    ['NAME_DESC', [...ALL].reverse()],
    ['ID_DESC', ['cancelled', 'by-hand', 'tomorrow', 'late', 'running', 'broken', 'done']],
    [null, ['cancelled', 'by-hand', 'tomorrow', 'late', 'running', 'broken', 'done']],
    [
      'EXPECTED_START_TIME_DESC',
      ['tomorrow', 'cancelled', 'by-hand', 'running', 'broken', 'done', 'late'],
    ],
    [
      'EXPECTED_START_TIME_ASC',
      ['late', 'done', 'broken', 'running', 'by-hand', 'cancelled', 'tomorrow'],
    ],
  ])('by %s, whole and in pages', async (sort, order) => {
    expect(await listed({ sort })).toEqual(order);
    for (const limit of [1, 2, 3]) {
      const pages: string[] = [];
      for (let offset = 0; offset < order.length; offset += limit) {
        pages.push(...(await listed({ sort, limit, offset })));
      }
      expect(pages, `by ${limit}`).toEqual(order);
    }
  });

  test('by the times that change as runs go on', async () => {
    expect(await listed({ sort: 'NEXT_SCHEDULED_START_TIME_ASC', limit: 2 })).toEqual([
      'late',
      'tomorrow',
    ]);
    expect(await listed({ sort: 'START_TIME_DESC', limit: 1 })).toEqual(['tomorrow']);
    expect(await listed({ sort: 'START_TIME_ASC', limit: 1 })).toEqual(['late']);
    expect(await listed({ sort: 'END_TIME_DESC', limit: 1 })).toEqual(['cancelled']);
  });

  test('limit 0 is an empty page; 201, -1 and a negative offset are refused', async () => {
    expect(await listed({ limit: 0 })).toEqual([]);
    for (const [body, text] of [
      [{ limit: 201 }, 'Invalid limit: must be less than or equal to 200.'],
      [{ limit: -1 }, 'Invalid limit: must be greater than or equal to 0.'],
      [{ offset: -1 }, 'offset'],
    ] as const) {
      const answer = await request(stack, 'POST', '/flow_runs/filter', body);
      expect(answer.status).toBe(422);
      expect(JSON.stringify(answer.body)).toContain(text);
    }
  });

  test('pages by number tell how many there are', async () => {
    const page = (body: object) => request(stack, 'POST', '/flow_runs/paginate', body);
    const { body } = await page({ limit: 3, page: 3, sort: 'NAME_ASC' });
    expect(body).toMatchObject({ count: 7, limit: 3, pages: 3, page: 3 });
    expect(body.results).toMatchObject([{ name: 'tomorrow' }]);
    expect((await page({ flow_runs: { name: { any_: [] } } })).body).toEqual({
      results: [],
      count: 0,
      limit: 200,
      pages: 0,
      page: 1,
    });
    expect((await page({ limit: 0 })).body).toMatchObject({ results: [], count: 7, pages: 0 });
    expect((await page({ page: 0 })).status).toBe(422);
  });
});

test.each([
  ['an unknown criterion', { flow_runs: { nome: { any_: ['x'] } } }],
  ['an unknown comparison', { flow_runs: { name: { is_: 'x' } } }],
  ['an unknown operator', { flow_runs: { operator: 'xor_' } }],
  ['no uuid', { flow_runs: { id: { any_: ['x'] } } }],
  ['no list', { flow_runs: { name: { any_: 'x' } } }],
  ['no state type', { flow_runs: { state: { type: { any_: ['LOST'] } } } }],
  ['no time', { flow_runs: { end_time: { after_: 'yesterday' } } }],
  ['is_null_ of a time that always is', { flow_runs: { expected_start_time: { is_null_: true } } }],
  ['no sort', { sort: 'AGE' }],
  ['a filter of text', { flow_runs: 'all' }],
  ['no object', []],
])('%s is refused: 422', async (_, body) => {
  for (const path of ['filter', 'count', 'paginate', 'lateness']) {
    if ('sort' in body && path !== 'filter' && path !== 'paginate') continue;
    const answer = await request(stack, 'POST', `/flow_runs/${path}`, body);
    expect(answer, path).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  }
});

test('what would read too many runs is refused with what to narrow, before any is read', async () => {
  const many = (limit: number) => ({
    entries: Array.from({ length: limit }, () => ({ runId: randomUUID(), at: 1 })),
    next: 'more',
  });
  let read = 0;
  const large = await startTestStack({
    wrapStore: (store: Store): Store => ({
      ...store,
      listRuns: async ({ limit }) => many(limit),
      readRuns: async (wanted) => {
        read += wanted.length;
        return store.readRuns(wanted);
      },
    }),
  });
  for (const [path, body] of [
    ['count', {}],
    ['filter', { sort: 'NAME_ASC' }],
    ['lateness', { flow_runs: { state: { type: { any_: ['COMPLETED'] } } } }],
  ] as const) {
    const answer = await request(large, 'POST', `/flow_runs/${path}`, body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'filter_too_broad' } });
    expect(answer.body.hint).toContain('Narrow it');
  }
  expect(read).toBe(0);
  const answer = await request(large, 'POST', '/flow_runs/filter', { limit: 15 });
  expect(answer).toMatchObject({ status: 422, body: { code: 'filter_too_broad' } });
  expect(read).toBeLessThanOrEqual(NUMBERS.filterReads);
  await large.stop();
});
