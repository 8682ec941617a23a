import {
  type Case,
  del,
  eachOf,
  fields,
  get,
  names,
  patch,
  post,
  prepare,
  type Scenario,
} from '../../case.ts';
import { TEMPLATE } from '../bodies.ts';
import { PAGES } from '../pages.ts';

const creates: Case[] = [
  post('create with a name only', '/work_pools/', { name: 'least-{tag}' }),
  post(
    'create of type process',
    '/work_pools/',
    { name: 'p-{tag}', type: 'process' },
    { save: { pool: 'id', defaultQueue: 'default_queue_id' } },
  ),
  post('create as the CLI does', '/work_pools/', {
    name: 'cli-{tag}',
    type: 'process',
    base_job_template: TEMPLATE,
    is_paused: false,
  }),
  post('create with everything', '/work_pools/', {
    name: 'all-{tag}',
    description: 'of {tag}',
    type: 'kubernetes',
    base_job_template: TEMPLATE,
    is_paused: true,
    concurrency_limit: 3,
    storage_configuration: { bundle_upload_step: { a: { b: 1 } } },
  }),
  post('create with nulls', '/work_pools/', {
    name: 'nulls-{tag}',
    description: null,
    type: 'process',
    concurrency_limit: null,
  }),
  post('create with a limit of 0', '/work_pools/', { name: 'zero-{tag}', concurrency_limit: 0 }),
  post('create again', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
  post('create without a name', '/work_pools/', { type: 'process' }),
  post('create with a name of null', '/work_pools/', { name: null }),
  post('create with an empty name', '/work_pools/', { name: '' }),
  post('create with a name of a blank', '/work_pools/', { name: ' ' }),
  post('create with a name of quotes', '/work_pools/', { name: '"\'' }),
  ...['/', '%', '&', '>', '<'].map((bad) =>
    post(`create with a ${bad} in the name`, '/work_pools/', { name: `a${bad}b-{tag}` }),
  ),
  post('create with a reserved name', '/work_pools/', { name: 'prefect-{tag}' }),
  post('create with a reserved name in capitals', '/work_pools/', { name: 'PreFect{tag}' }),
  post('create with a limit below 0', '/work_pools/', { name: 'x-{tag}', concurrency_limit: -1 }),
  post('create with a limit that is a text', '/work_pools/', {
    name: 'x-{tag}',
    concurrency_limit: 'many',
  }),
  post('create with an unknown key', '/work_pools/', { name: 'x-{tag}', colour: 'red' }),
  post('create with an unknown key of storage', '/work_pools/', {
    name: 'x-{tag}',
    storage_configuration: { colour: 'red' },
  }),
  post('create paused of null', '/work_pools/', { name: 'pn-{tag}', is_paused: null }),
  get('read', '/work_pools/p-{tag}'),
  get('read what is not there', '/work_pools/no-{tag}'),
  get('its default queue', '/work_pools/p-{tag}/queues/default'),
];

const odd = [
  'two words',
  'a#b',
  'a?b',
  'größe ünï 🚀',
  "it's",
  'a+b',
  '.dot',
  'a:b;c,d=e@f',
  '*',
  '(x)',
];
const oddNames: Case[] = odd.flatMap((name) => {
  const full = `${name} {tag}`;
  const path = encodeURIComponent(name);
  return [
    post(
      `create ${name}`,
      '/work_pools/',
      { name: full, type: 'process' },
      { view: fields('name') },
    ),
    get(`read ${name}`, `/work_pools/${path}%20{tag}`, { view: fields('name') }),
  ];
});

const patches: Case[] = [
  ...prepare(
    post('make', '/work_pools/', { name: 'p-{tag}', type: 'process', description: 'first' }),
  ),
  patch('nothing', '/work_pools/p-{tag}', {}),
  patch('the description', '/work_pools/p-{tag}', { description: 'second' }),
  get('has the description', '/work_pools/p-{tag}'),
  patch('the description to null', '/work_pools/p-{tag}', { description: null }),
  get('has no description', '/work_pools/p-{tag}', { view: fields('description') }),
  patch('a limit', '/work_pools/p-{tag}', { concurrency_limit: 2 }),
  get('has a limit', '/work_pools/p-{tag}', {
    view: fields('concurrency_limit', 'active_slots', 'description', 'status'),
  }),
  patch('the limit to null', '/work_pools/p-{tag}', { concurrency_limit: null }),
  get('has no limit', '/work_pools/p-{tag}', { view: fields('concurrency_limit', 'active_slots') }),
  patch('paused', '/work_pools/p-{tag}', { is_paused: true }),
  get('is paused', '/work_pools/p-{tag}', { view: fields('is_paused', 'status') }),
  patch('not paused', '/work_pools/p-{tag}', { is_paused: false }),
  get('is not paused', '/work_pools/p-{tag}', { view: fields('is_paused', 'status') }),
  patch('the template', '/work_pools/p-{tag}', { base_job_template: TEMPLATE }),
  get('has the template', '/work_pools/p-{tag}', { view: fields('base_job_template') }),
  patch('the template to nothing', '/work_pools/p-{tag}', { base_job_template: {} }),
  get('has no template', '/work_pools/p-{tag}', { view: fields('base_job_template') }),
  patch('the storage', '/work_pools/p-{tag}', {
    storage_configuration: { bundle_execution_step: { x: 1 } },
  }),
  get('has the storage', '/work_pools/p-{tag}', { view: fields('storage_configuration') }),
  patch('the name', '/work_pools/p-{tag}', { name: 'q-{tag}' }),
  patch('the type', '/work_pools/p-{tag}', { type: 'docker' }),
  patch('a limit below 0', '/work_pools/p-{tag}', { concurrency_limit: -2 }),
  patch('an unknown key', '/work_pools/p-{tag}', { colour: 'red' }),
  patch('one that is not there', '/work_pools/no-{tag}', { description: 'x' }),
  patch('the template to half of one', '/work_pools/p-{tag}', {
    base_job_template: { variables: {} },
  }),
];

const deletes: Case[] = [
  ...prepare(
    post('make', '/work_pools/', { name: 'p-{tag}', type: 'process' }, { save: { pool: 'id' } }),
    post('make a queue', '/work_pools/p-{tag}/queues', { name: 'q' }, { save: { queue: 'id' } }),
    post('make a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post(
      'make a run',
      '/flow_runs/',
      { flow_id: '{flow}', work_pool_name: 'p-{tag}' },
      {
        save: { run: 'id' },
      },
    ),
    post('a worker', '/work_pools/p-{tag}/workers/heartbeat', { name: 'w' }),
  ),
  del('delete', '/work_pools/p-{tag}'),
  del('delete again', '/work_pools/p-{tag}'),
  get('read the deleted', '/work_pools/p-{tag}'),
  get('its queue by name', '/work_pools/p-{tag}/queues/q'),
  get('its queue by id', '/work_queues/{queue}'),
  post('its queues', '/work_pools/p-{tag}/queues/filter', {}),
  post('its workers', '/work_pools/p-{tag}/workers/filter', {}),
  post('poll it', '/work_pools/p-{tag}/get_scheduled_flow_runs', {}),
  get('its run lives on', '/flow_runs/{run}', {
    view: fields(
      'work_queue_id',
      'work_queue_name',
      'work_pool_id',
      'work_pool_name',
      'state_type',
    ),
  }),
  post(
    'create it anew',
    '/work_pools/',
    { name: 'p-{tag}', type: 'process' },
    {
      view: fields('name', 'status'),
    },
  ),
  post(
    'the new one has only its default queue',
    '/work_pools/p-{tag}/queues/filter',
    {},
    {
      view: names,
    },
  ),
  post('and no workers', '/work_pools/p-{tag}/workers/filter', {}),
  del('one that is not there', '/work_pools/no-{tag}'),
];

const filters: Case[] = [
  ...prepare(
    ...['b', 'a', 'c'].map((name) =>
      post(
        `make ${name}`,
        '/work_pools/',
        { name: `${name}-{tag}`, type: `t${name}-{tag}` },
        {
          save: { [name]: 'id' },
        },
      ),
    ),
  ),
  ...(
    [
      ['by names', { name: { any_: ['c-{tag}', 'a-{tag}', 'no-{tag}'] } }],
      ['by ids', { id: { any_: ['{b}', '{uuid:no}'] } }],
      ['by types', { type: { any_: ['tb-{tag}', 'ta-{tag}'] } }],
      ['by name and type', { name: { any_: ['a-{tag}'] }, type: { any_: ['tb-{tag}'] } }],
      [
        'by name or type',
        { operator: 'or_', name: { any_: ['a-{tag}'] }, type: { any_: ['tb-{tag}'] } },
      ],
      ['by no names', { name: { any_: [] } }],
      ['by no ids', { id: { any_: [] } }],
      ['with nulls', { name: { any_: ['a-{tag}'] }, id: null, type: null }],
      ['by a name without a criterion', { name: {}, type: { any_: ['ta-{tag}'] } }],
      ['by an id that is none', { id: { any_: ['seven'] } }],
      ['by what there is not', { colour: { any_: ['red'] } }],
    ] as const
  ).flatMap(([name, work_pools]) => [
    post(name, '/work_pools/filter', { work_pools }, { view: names }),
    post(`count ${name}`, '/work_pools/count', { work_pools }),
  ]),
  ...PAGES.map(([name, page]) =>
    post(
      name,
      '/work_pools/filter',
      { work_pools: { name: { any_: ['a-{tag}', 'b-{tag}', 'c-{tag}'] } }, ...page },
      { view: names },
    ),
  ),
  post('whole', '/work_pools/filter', { work_pools: { id: { any_: ['{a}'] } } }),
  post(
    'statuses',
    '/work_pools/filter',
    { work_pools: { id: { any_: ['{a}'] } } },
    {
      view: eachOf('status', 'type'),
    },
  ),
];

export const POOLS: Scenario[] = [
  { area: 'pools', name: 'work pools', cases: creates },
  { area: 'pools', name: 'work pools of odd names', cases: oddNames },
  { area: 'pools', name: 'changing a work pool', cases: patches },
  { area: 'pools', name: 'deleting a work pool', cases: deletes },
  { area: 'pools', name: 'listing work pools', cases: filters },
];
