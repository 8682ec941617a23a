import { type Case, del, fields, get, names, post, prepare, type Scenario } from '../../case.ts';
import { PAGES } from '../pages.ts';

const POOL = '/work_pools/p-{tag}';
const beat = (name: string, body: unknown, worker?: string): Case =>
  post(
    name,
    `${POOL}/workers/heartbeat`,
    body,
    worker ? { headers: { 'x-prefect-worker-name': worker } } : {},
  );

const cases: Case[] = [
  ...prepare(post('make', '/work_pools/', { name: 'p-{tag}', type: 'process' })),
  post('nobody', `${POOL}/workers/filter`, {}),
  get('the pool is not ready', POOL, { view: fields('status') }),
  beat('a heartbeat', { name: 'one-{tag}' }, 'one-{tag}'),
  get('the pool is ready', POOL, { view: fields('status'), eventually: true }),
  beat(
    'as the client sends it',
    { name: 'two-{tag}', heartbeat_interval_seconds: 30 },
    'two-{tag}',
  ),
  beat('with metadata', {
    name: 'three-{tag}',
    heartbeat_interval_seconds: null,
    metadata: { integrations: [] },
    return_id: true,
  }),
  beat('once more', { name: 'one-{tag}', heartbeat_interval_seconds: 15 }),
  beat('without a name', {}),
  beat('with an interval of a text', { name: 'x-{tag}', heartbeat_interval_seconds: 'often' }),
  beat('without a body', undefined),
  post('to a pool that is not there', '/work_pools/no-{tag}/workers/heartbeat', { name: 'w' }),
  post('all, last heartbeat first', `${POOL}/workers/filter`, {}, { view: names }),
  post('whole', `${POOL}/workers/filter`, { limit: 2, offset: 1 }),
  post('without a body to filter', `${POOL}/workers/filter`, undefined, { view: names }),
  ...(
    [
      ['online', { status: { any_: ['ONLINE'] } }],
      ['offline', { status: { any_: ['OFFLINE'] } }],
      ['either', { status: { any_: ['ONLINE', 'OFFLINE'] } }],
      ['none', { status: { any_: [] } }],
      ['not online', { status: { not_any_: ['ONLINE'] } }],
      ['not offline', { status: { not_any_: ['OFFLINE'] } }],
      ['a status that there is not', { status: { any_: ['AWAY'] } }],
      ['since', { last_heartbeat_time: { after_: '{now-60}' } }],
      ['before', { last_heartbeat_time: { before_: '{now-60}' } }],
      ['before later', { last_heartbeat_time: { before_: '{now+60}', after_: '{now-60}' } }],
      [
        'one or the other',
        {
          operator: 'or_',
          status: { any_: ['OFFLINE'] },
          last_heartbeat_time: { after_: '{now-60}' },
        },
      ],
      ['what there is not', { colour: 'red' }],
    ] as const
  ).map(([name, workers]) =>
    post(name, `${POOL}/workers/filter`, { workers }, { view: names, unordered: true }),
  ),
  ...PAGES.map(([name, page]) => post(name, `${POOL}/workers/filter`, page, { view: names })),
  post('of a pool that is not there', '/work_pools/no-{tag}/workers/filter', {}),
  beat('with an odd name', { name: 'ProcessWorker ü #?' }),
  del('delete', `${POOL}/workers/one-{tag}`),
  del('delete again', `${POOL}/workers/one-{tag}`),
  del('delete an odd name', `${POOL}/workers/ProcessWorker%20%C3%BC%20%23%3F`),
  del('delete in a pool that is not there', '/work_pools/no-{tag}/workers/one'),
  post('who is left', `${POOL}/workers/filter`, {}, { view: names }),
  beat('it beats again', { name: 'one-{tag}' }),
  post('it is back', `${POOL}/workers/filter`, { limit: 1 }, { view: names }),
  beat('with an empty name', { name: '' }),
  beat('with an interval of 0', { name: 'zero-{tag}', heartbeat_interval_seconds: 0 }),
];

export const WORKERS: Scenario[] = [{ area: 'workers', name: 'workers', cases }];
