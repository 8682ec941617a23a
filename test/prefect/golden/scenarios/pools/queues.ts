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
import { PAGES } from '../pages.ts';

const POOL = '/work_pools/p-{tag}';
const makePool = prepare(
  post(
    'make a pool',
    '/work_pools/',
    { name: 'p-{tag}', type: 'process' },
    {
      save: { pool: 'id', defaultQueue: 'default_queue_id' },
    },
  ),
);

const inPool: Case[] = [
  ...makePool,
  get('the default queue', `${POOL}/queues/default`),
  post('create with a name only', `${POOL}/queues`, { name: 'q' }, { save: { q: 'id' } }),
  post('create with everything', `${POOL}/queues`, {
    name: 'all',
    description: 'of {tag}',
    is_paused: true,
    concurrency_limit: 2,
    priority: 7,
    filter: null,
  }),
  post('create with nulls', `${POOL}/queues`, {
    name: 'nulls',
    description: null,
    is_paused: false,
    concurrency_limit: null,
    priority: null,
    filter: null,
  }),
  post('create again', `${POOL}/queues`, { name: 'q' }),
  post('create without a name', `${POOL}/queues`, {}),
  post('create with an empty name', `${POOL}/queues`, { name: '' }),
  post('create with a slash in the name', `${POOL}/queues`, { name: 'a/b' }),
  post('create with priority 0', `${POOL}/queues`, { name: 'x', priority: 0 }),
  post('create with a limit below 0', `${POOL}/queues`, { name: 'x', concurrency_limit: -1 }),
  post('create with an unknown key', `${POOL}/queues`, { name: 'x', colour: 'red' }),
  post('create in a pool that is not there', '/work_pools/no-{tag}/queues', { name: 'q' }),
  get('read', `${POOL}/queues/q`),
  get('read what is not there', `${POOL}/queues/no`),
  get('read in a pool that is not there', '/work_pools/no-{tag}/queues/q'),
  get('read by id', '/work_queues/{q}'),
  get('read the default one by id', '/work_queues/{defaultQueue}', { view: fields('name') }),
  get('read an id that nobody has', '/work_queues/{uuid:no}'),
  get('status', '/work_queues/{q}/status'),
  get('status of an id that nobody has', '/work_queues/{uuid:no}/status'),
  ...['two words', 'a#b', 'a?b', 'ü🚀', 'a+b'].flatMap((name) => [
    post(`create ${name}`, `${POOL}/queues`, { name }, { view: fields('name') }),
    get(`read ${name}`, `${POOL}/queues/${encodeURIComponent(name)}`, { view: fields('name') }),
  ]),
];

const change = (path: string): Case[] => [
  patch('nothing', path, {}),
  patch('description', path, { description: 'second' }),
  get('has the description', path),
  patch('a limit', path, { concurrency_limit: 3 }),
  get('has the limit', path, { view: fields('concurrency_limit', 'active_slots', 'description') }),
  patch('no limit', path, { concurrency_limit: null }),
  get('has no limit', path, { view: fields('concurrency_limit', 'active_slots') }),
  patch('paused', path, { is_paused: true }),
  get('is paused', path, { view: fields('is_paused', 'status') }),
  patch('not paused', path, { is_paused: false }),
  get('is not paused', path, { view: fields('is_paused', 'status') }),
  patch('priority 0', path, { priority: 0 }),
  patch('a limit below 0', path, { concurrency_limit: -1 }),
  patch('an unknown key', path, { colour: 'red' }),
  patch('description to null', path, { description: null }),
  patch('priority to null', path, { priority: null }),
  get('in the end', path),
];

const byName: Case[] = [
  ...makePool,
  ...prepare(post('make', `${POOL}/queues`, { name: 'q' }, { save: { q: 'id' } })),
  ...change(`${POOL}/queues/q`),
  patch('the name', `${POOL}/queues/q`, { name: 'r' }, { save: {} }),
  post('the names now', `${POOL}/queues/filter`, {}, { view: names }),
  patch('one that is not there', `${POOL}/queues/no`, { description: 'x' }),
  patch('in a pool that is not there', '/work_pools/no-{tag}/queues/q', { description: 'x' }),
  del('delete one that is not there', `${POOL}/queues/no`),
  del('delete in a pool that is not there', '/work_pools/no-{tag}/queues/q'),
  del('delete the default queue', `${POOL}/queues/default`),
  get('the default queue is there', `${POOL}/queues/default`, { view: fields('name') }),
];

const byId: Case[] = [
  ...makePool,
  ...prepare(
    post('make', `${POOL}/queues`, { name: 'q' }, { save: { q: 'id' } }),
    post('make s', `${POOL}/queues`, { name: 's' }, { save: { s: 'id' } }),
  ),
  ...change('/work_queues/{q}'),
  patch('the name', '/work_queues/{q}', { name: 'r' }),
  get('has the name', '/work_queues/{q}', { view: fields('name') }),
  get('by the new name', `${POOL}/queues/r`, { view: fields('name') }),
  get('by the old name', `${POOL}/queues/q`, { view: fields('name') }),
  patch('the name of another', '/work_queues/{q}', { name: 's' }),
  patch('one that is not there', '/work_queues/{uuid:no}', { description: 'x' }),
  del('delete', '/work_queues/{q}'),
  del('delete again', '/work_queues/{q}'),
  get('read the deleted', '/work_queues/{q}'),
  get('by name', `${POOL}/queues/r`),
  del('delete by name', `${POOL}/queues/s`),
  get('by id', '/work_queues/{s}'),
  del('delete the default one', '/work_queues/{defaultQueue}'),
];

const listing: Case[] = [
  ...makePool,
  ...prepare(
    ...['cc', 'aa', 'ab'].map((name) =>
      post(`make ${name}`, `${POOL}/queues`, { name: `${name}-{tag}` }, { save: { [name]: 'id' } }),
    ),
  ),
  post('all of the pool', `${POOL}/queues/filter`, {}, { view: eachOf('name', 'priority') }),
  post('without a body', `${POOL}/queues/filter`, undefined, { view: names }),
  post(
    'nulls',
    `${POOL}/queues/filter`,
    { work_queues: null, limit: null, offset: null },
    { view: names },
  ),
  post('a pool that is not there', '/work_pools/no-{tag}/queues/filter', {}),
  ...(
    [
      ['by names', { name: { any_: ['cc-{tag}', 'aa-{tag}'] } }],
      ['by ids', { id: { any_: ['{ab}', '{uuid:no}'] } }],
      ['by beginnings', { name: { startswith_: ['a'] }, id: { any_: ['{aa}', '{ab}', '{cc}'] } }],
      [
        'by several beginnings',
        { name: { startswith_: ['ab', 'cc-{tag}'] }, id: { any_: ['{aa}', '{ab}', '{cc}'] } },
      ],
      ['by a beginning in capitals', { name: { startswith_: ['AB-{tag}'] } }],
      ['by no names', { name: { any_: [] } }],
      ['by name or id', { operator: 'or_', name: { any_: ['cc-{tag}'] }, id: { any_: ['{aa}'] } }],
      ['by what there is not', { colour: { any_: ['red'] } }],
    ] as const
  ).flatMap(([name, work_queues]) => [
    post(`${name}, of a pool`, `${POOL}/queues/filter`, { work_queues }, { view: names }),
    post(`${name}, of all`, '/work_queues/filter', { work_queues }, { view: names }),
  ]),
  ...PAGES.flatMap(([name, page]) => [
    post(`${name} of a pool`, `${POOL}/queues/filter`, page, { view: names }),
    post(
      `${name} of all`,
      '/work_queues/filter',
      {
        work_queues: { id: { any_: ['{aa}', '{ab}', '{cc}'] } },
        ...page,
      },
      { view: names },
    ),
  ]),
  post('whole', '/work_queues/filter', { work_queues: { id: { any_: ['{aa}'] } } }),
];

export const QUEUES: Scenario[] = [
  { area: 'queues', name: 'work queues', cases: inPool },
  { area: 'queues', name: 'changing a work queue by name', cases: byName },
  { area: 'queues', name: 'changing a work queue by id', cases: byId },
  { area: 'queues', name: 'listing work queues', cases: listing },
];
