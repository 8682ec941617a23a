import { type Case, names, post, prepare, type Scenario } from '../../case.ts';
import { PAGES } from '../pages.ts';

const which = { name: { any_: ['a-{tag}', 'b-{tag}', 'c-{tag}'] } };
const cases: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}', tags: ['flow-{tag}'] }, { save: { f: 'id' } }),
    post('another flow', '/flows/', { name: 'g-{tag}' }, { save: { g: 'id' } }),
    post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
    post(
      'make b',
      '/deployments/',
      { name: 'b-{tag}', flow_id: '{f}', tags: ['red'], work_pool_name: 'p-{tag}' },
      { save: { b: 'id' } },
    ),
    post(
      'make c',
      '/deployments/',
      { name: 'c-{tag}', flow_id: '{g}', tags: ['red', 'blue'], paused: true },
      { save: { c: 'id' } },
    ),
    post(
      'make a',
      '/deployments/',
      { name: 'a-{tag}', flow_id: '{f}', work_pool_name: 'p-{tag}', work_queue_name: 'q-{tag}' },
      { save: { a: 'id' } },
    ),
    post('a run', '/deployments/{a}/create_flow_run', {}, { save: { run: 'id' } }),
  ),
  ...(
    [
      ['names', { name: { any_: ['c-{tag}', 'a-{tag}'] } }],
      ['part of a name', { name: { like_: 'A-{tag}' } }],
      ['ids', { id: { any_: ['{b}', '{uuid:no}'] } }],
      ['not ids', { ...which, id: { not_any_: ['{b}'] } }],
      ['no ids', { id: { any_: [] } }],
      ['part of the name of flow or deployment', { flow_or_deployment_name: { like_: 'g-{tag}' } }],
      ['paused', { ...which, paused: { eq_: true } }],
      ['not paused', { ...which, paused: { eq_: false } }],
      ['all tags', { ...which, tags: { all_: ['red', 'blue'] } }],
      ['any tag', { ...which, tags: { any_: ['red'] } }],
      ['no tags', { ...which, tags: { is_null_: true } }],
      ['queue', { ...which, work_queue_name: { any_: ['q-{tag}', 'default'] } }],
      ['limit, which is ignored', { ...which, concurrency_limit: { ge_: 5 } }],
      ['or', { operator: 'or_', id: { any_: ['{c}'] }, name: { any_: ['a-{tag}'] } }],
      [
        'tags as the client sends them',
        { ...which, tags: { operator: 'and_', all_: ['red'], any_: null, is_null_: null } },
      ],
      ['tags, or', { ...which, tags: { operator: 'or_', all_: ['red', 'blue'], is_null_: true } }],
      ['what there is not', { colour: 'red' }],
    ] as const
  ).map(([name, deployments]) =>
    post(`by ${name}`, '/deployments/filter', { deployments }, { view: names }),
  ),
  ...(
    [
      ['by flow', { flows: { name: { any_: ['f-{tag}'] } } }],
      ['by the tag of a flow', { flows: { tags: { all_: ['flow-{tag}'] } } }],
      ['by pool', { work_pools: { name: { any_: ['p-{tag}'] } } }],
      ['by the queue of a pool', { work_pool_queues: { name: { any_: ['q-{tag}'] } } }],
      ['by run', { flow_runs: { id: { any_: ['{run}'] } } }],
      ['newest first', { sort: 'CREATED_DESC' }],
      ['last changed first', { sort: 'UPDATED_DESC' }],
      ['by name', { sort: 'NAME_ASC' }],
      ['by name backwards', { sort: 'NAME_DESC' }],
      ['without an order', { sort: null }],
      ['by an order that there is not', { sort: 'COLOUR' }],
      ...PAGES,
    ] as const
  ).map(([name, more]) =>
    post(name, '/deployments/filter', { deployments: which, ...more }, { view: names }),
  ),
  post('as the CLI does', '/deployments/filter', {
    flows: null,
    flow_runs: null,
    task_runs: null,
    deployments: {
      operator: 'and_',
      id: { any_: ['{b}'] },
      name: null,
      tags: null,
      work_queue_name: null,
      concurrency_limit: null,
    },
    work_pools: null,
    work_pool_queues: null,
    limit: null,
    offset: 0,
    sort: null,
  }),
];

export const DEPLOYMENT_LISTS: Scenario[] = [
  { area: 'deployments', name: 'listing deployments', cases },
];
