import { type Case, eachOf, names, post, prepare, type Scenario } from '../../case.ts';
import { PAGES } from '../pages.ts';

const POOL = { name: 'p-{tag}', type: 'process' };
const run = (name: string, body: object, deployment?: string): Case =>
  post(
    `run ${name}`,
    deployment ? `/deployments/{${deployment}}/create_flow_run` : '/flow_runs/',
    { name: `${name}-{tag}`, ...(deployment ? {} : { flow_id: '{g}' }), ...body },
    { save: { [name]: 'id' } },
  );

/** a: of a deployment, later · b: of a deployment, running · c: by hand, completed · d: a subflow, failed · e: pending, late in the alphabet */
const make = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}', tags: ['flow'] }, { save: { f: 'id' } }),
  post('another flow', '/flows/', { name: 'g-{tag}' }, { save: { g: 'id' } }),
  post('a pool', '/work_pools/', POOL, { save: { pool: 'id' } }),
  post(
    'a deployment',
    '/deployments/',
    {
      name: 'd-{tag}',
      flow_id: '{f}',
      work_pool_name: 'p-{tag}',
      work_queue_name: 'q-{tag}',
      tags: ['dep'],
    },
    { save: { dep: 'id' } },
  ),
  run(
    'a',
    {
      state: { type: 'SCHEDULED', state_details: { scheduled_time: '{now+3600}' } },
      tags: ['red'],
      idempotency_key: 'key-a-{tag}',
    },
    'dep',
  ),
  run('b', { tags: ['red', 'blue'] }, 'dep'),
  post('b runs', '/flow_runs/{b}/set_state', { state: { type: 'RUNNING' } }),
  run('c', { flow_version: 'v-{tag}', idempotency_key: 'key-c-{tag}', state: { type: 'PENDING' } }),
  post('c runs', '/flow_runs/{c}/set_state', { state: { type: 'RUNNING' } }),
  post('c ends', '/flow_runs/{c}/set_state', { state: { type: 'COMPLETED', name: 'Fine' } }),
  post(
    'a task run',
    '/task_runs/',
    { flow_run_id: '{b}', task_key: 'sub', dynamic_key: '0' },
    { save: { task: 'id' } },
  ),
  run('d', { parent_task_run_id: '{task}', state: { type: 'PENDING' } }),
  post('d ends', '/flow_runs/{d}/set_state', { state: { type: 'FAILED' } }),
  run('e', { state: { type: 'PENDING' }, flow_version: 'v2-{tag}' }),
);

const ALL = ['{a}', '{b}', '{c}', '{d}', '{e}'];
const sorted = (body: readonly { name: string }[]) => body.map(({ name }) => name).sort();
type Filters = readonly (readonly [string, object])[];

const OWN: Filters = [
  ['id', { id: { any_: ['{a}', '{uuid:no}'] } }],
  ['no id', { id: { any_: [] } }],
  ['name', { name: { any_: ['a-{tag}', 'c-{tag}'] } }],
  ['part of a name', { name: { like_: 'B-{tag}' } }],
  ['all tags', { tags: { all_: ['red', 'blue'] } }],
  ['any tag', { tags: { any_: ['blue', 'green'] } }],
  ['no tags', { tags: { is_null_: true } }],
  ['deployment', { deployment_id: { any_: ['{dep}'] } }],
  ['no deployment', { deployment_id: { is_null_: true } }],
  ['some deployment', { deployment_id: { is_null_: false } }],
  ['queue name', { work_queue_name: { any_: ['q-{tag}'] } }],
  ['no queue name', { work_queue_name: { is_null_: true } }],
  ['state type', { state: { type: { any_: ['RUNNING', 'FAILED'] } } }],
  ['not state type', { state: { type: { not_any_: ['RUNNING', 'FAILED'] } } }],
  ['state name', { state: { name: { any_: ['Fine', 'Pending'] } } }],
  ['not state name', { state: { name: { not_any_: ['Fine'] } } }],
  [
    'state type and name',
    { state: { type: { any_: ['COMPLETED'] }, name: { any_: ['Completed'] } } },
  ],
  [
    'state type or name',
    { state: { operator: 'or_', type: { any_: ['FAILED'] }, name: { any_: ['Fine'] } } },
  ],
  ['a state type that there is not', { state: { type: { any_: ['ASLEEP'] } } }],
  ['flow version', { flow_version: { any_: ['v-{tag}'] } }],
  ['start time after', { start_time: { after_: '{now-60}' } }],
  ['start time before', { start_time: { before_: '{now-60}' } }],
  ['start time null', { start_time: { is_null_: true } }],
  ['start time not null', { start_time: { is_null_: false } }],
  ['end time after', { end_time: { after_: '{now-60}' } }],
  ['end time null', { end_time: { is_null_: true } }],
  ['expected start after', { expected_start_time: { after_: '{now+600}' } }],
  ['expected start before', { expected_start_time: { before_: '{now+600}' } }],
  ['expected start at', { expected_start_time: { after_: '{now+3600}', before_: '{now+3600}' } }],
  ['next start after', { next_scheduled_start_time: { after_: '{now+600}' } }],
  ['next start before', { next_scheduled_start_time: { before_: '{now+600}' } }],
  ['parent run', { parent_flow_run_id: { any_: ['{b}'] } }],
  ['parent task', { parent_task_run_id: { any_: ['{task}'] } }],
  ['no parent task', { parent_task_run_id: { is_null_: true } }],
  ['idempotency key', { idempotency_key: { any_: ['key-a-{tag}'] } }],
  ['not idempotency key', { idempotency_key: { not_any_: ['key-a-{tag}'] } }],
  ['created by nobody', { created_by: { is_null_: true } }],
  ['created by a type', { created_by: { type_: ['SCHEDULE'] } }],
  ['nulls', { operator: 'and_', name: null, tags: null, state: null, start_time: null }],
  ['what there is not', { colour: 'red' }],
];
const alone = new Set(['id', 'no id']);

const own: Case[] = [
  ...make,
  ...OWN.flatMap(([name, filter]) => {
    const flow_runs = alone.has(name) ? filter : { id: { any_: ALL }, ...filter };
    return [
      post(`by ${name}`, '/flow_runs/filter', { flow_runs }, { view: sorted }),
      post(`count by ${name}`, '/flow_runs/count', { flow_runs }),
    ];
  }),
  post(
    'not id alone',
    '/flow_runs/filter',
    { flow_runs: { id: { any_: ALL, not_any_: ['{a}'] } } },
    { view: sorted },
  ),
  post(
    'or',
    '/flow_runs/filter',
    { flow_runs: { operator: 'or_', id: { any_: ['{a}'] }, name: { any_: ['c-{tag}'] } } },
    { view: sorted },
  ),
  post(
    'by name alone',
    '/flow_runs/filter',
    { flow_runs: { name: { any_: ['e-{tag}'] } } },
    { view: sorted },
  ),
  post(
    'by part of a name alone',
    '/flow_runs/filter',
    { flow_runs: { name: { like_: '-{tag}' } } },
    { view: sorted },
  ),
  post(
    'by deployment alone',
    '/flow_runs/filter',
    { flow_runs: { deployment_id: { any_: ['{dep}'] } } },
    { view: sorted },
  ),
  post(
    'by parent task alone',
    '/flow_runs/filter',
    {
      flow_runs: { parent_task_run_id: { any_: ['{task}'] } },
      sort: 'EXPECTED_START_TIME_DESC',
      limit: 1,
    },
    { view: sorted },
  ),
  post(
    'by key alone',
    '/flow_runs/filter',
    { flow_runs: { idempotency_key: { any_: ['key-c-{tag}'] } } },
    { view: sorted },
  ),
];

const JOINS: Filters = [
  ['flow name', { flows: { name: { any_: ['f-{tag}'] } } }],
  ['flow id', { flows: { id: { any_: ['{g}'] } } }],
  ['flow tags', { flows: { tags: { all_: ['flow'] } } }],
  ['deployment name', { deployments: { name: { any_: ['d-{tag}'] } } }],
  ['deployment tags', { deployments: { tags: { all_: ['dep'] } } }],
  ['pool name', { work_pools: { name: { any_: ['p-{tag}'] } } }],
  ['pool id', { work_pools: { id: { any_: ['{pool}'] } } }],
  ['pool type', { work_pools: { type: { any_: ['process'] } } }],
  ['queue', { work_pool_queues: { name: { any_: ['q-{tag}'] } } }],
  ['task run', { task_runs: { id: { any_: ['{task}'] } } }],
  [
    'flow and deployment that do not meet',
    { flows: { id: { any_: ['{g}'] } }, deployments: { id: { any_: ['{dep}'] } } },
  ],
];
const SORTS = [
  'START_TIME_ASC',
  'START_TIME_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
];

const joins: Case[] = [
  ...make,
  ...JOINS.flatMap(([name, filter]) => [
    post(
      `by ${name}`,
      '/flow_runs/filter',
      { flow_runs: { id: { any_: ALL } }, ...filter },
      { view: sorted },
    ),
    post(`count by ${name}`, '/flow_runs/count', { flow_runs: { id: { any_: ALL } }, ...filter }),
  ]),
  post(
    'by flow name alone',
    '/flow_runs/filter',
    { flows: { name: { any_: ['g-{tag}'] } } },
    { view: sorted },
  ),
  post(
    'by pool name alone',
    '/flow_runs/filter',
    { work_pools: { name: { any_: ['p-{tag}'] } } },
    { view: sorted },
  ),
  ...SORTS.map((sort) =>
    post(
      `sort ${sort}`,
      '/flow_runs/filter',
      { flow_runs: { id: { any_: ALL } }, sort },
      { view: names },
    ),
  ),
  post(
    'sort by next start',
    '/flow_runs/filter',
    {
      flow_runs: { id: { any_: ['{a}', '{b}'] } },
      sort: 'NEXT_SCHEDULED_START_TIME_ASC',
      limit: 2,
    },
    { view: sorted },
  ),
  post(
    'sort END_TIME_DESC',
    '/flow_runs/filter',
    { flow_runs: { id: { any_: ['{c}', '{d}'] } }, sort: 'END_TIME_DESC' },
    { view: names },
  ),
  post(
    'sort ID_DESC',
    '/flow_runs/filter',
    { flow_runs: { id: { any_: ALL } }, sort: 'ID_DESC' },
    { view: sorted },
  ),
  post('sort by what there is not', '/flow_runs/filter', { sort: 'COLOUR' }),
  ...PAGES.map(([name, page]) =>
    post(
      name,
      '/flow_runs/filter',
      { flow_runs: { id: { any_: ALL } }, sort: 'NAME_ASC', ...page },
      { view: names, ...(name === 'limit 201' ? { says: 'Invalid limit' } : {}) },
    ),
  ),
  post('the cancel watch, first', '/flow_runs/filter', {
    flow_runs: {
      id: { any_: ['{b}'] },
      state: { type: { any_: ['CANCELLED'] }, name: { any_: ['Cancelling'] } },
    },
    sort: null,
    limit: null,
  }),
  post('the cancel watch, second', '/flow_runs/filter', {
    flow_runs: { id: { any_: ['{b}'] }, state: { type: { any_: ['CANCELLING'] } } },
  }),
  post('the suspend watch', '/flow_runs/filter', {
    flow_runs: {
      id: { any_: ['{b}'] },
      state: { type: { any_: ['PAUSED'] }, name: { any_: ['Suspended'] } },
    },
  }),
  post('whole', '/flow_runs/filter', { flow_runs: { id: { any_: ['{d}'] } } }),
  post(
    'a page',
    '/flow_runs/paginate',
    { flow_runs: { id: { any_: ALL } }, sort: 'NAME_ASC', limit: 2, page: 2 },
    {
      view: (body: { results: { name: string }[] }) => ({ ...body, results: names(body.results) }),
    },
  ),
  post('a page beyond the end', '/flow_runs/paginate', {
    flow_runs: { id: { any_: ALL } },
    limit: 2,
    page: 9,
  }),
  post('page 0', '/flow_runs/paginate', { flow_runs: { id: { any_: ALL } }, page: 0 }),
  post('lateness of none', '/flow_runs/lateness', { flow_runs: { id: { any_: [] } } }),
  post(
    'history',
    '/flow_runs/history',
    {
      flow_runs: { id: { any_: ALL } },
      history_start: '{now-3600}',
      history_end: '{now+7200}',
      history_interval_seconds: 10800,
    },
    {
      view: (body: { states: Record<string, unknown>[] }[]) =>
        body.flatMap(({ states }) => eachOf('state_type', 'state_name', 'count_runs')(states)),
      unordered: true,
    },
  ),
];

export const FLOW_RUN_LISTS: Scenario[] = [
  { area: 'flow-run-lists', name: 'listing runs', cases: own },
  { area: 'flow-run-lists', name: 'listing runs by other things', cases: joins },
];
