import {
  type Case,
  del,
  fields,
  get,
  names,
  patch,
  post,
  prepare,
  type Scenario,
} from '../../case.ts';
import { PAGES } from '../pages.ts';

const creates: Case[] = [
  post('create', '/flows/', { name: 'f-{tag}' }, { save: { f: 'id' } }),
  post('create again', '/flows/', { name: 'f-{tag}' }),
  post('create again with other tags', '/flows/', {
    name: 'f-{tag}',
    tags: ['b'],
    labels: { a: 'b' },
  }),
  post('as the client does', '/flows/', { name: 'c-{tag}', tags: ['b', 'a', 'b'], labels: {} }),
  post('with labels', '/flows/', {
    name: 'l-{tag}',
    labels: { text: 'a', whole: 1, part: 1.5, yes: true },
  }),
  post('with labels of null', '/flows/', { name: 'ln-{tag}', labels: null }),
  post('with tags of null', '/flows/', { name: 'tn-{tag}', tags: null }),
  post('with a label that is a list', '/flows/', { name: 'll-{tag}', labels: { a: [1] } }),
  post('without a name', '/flows/', { tags: [] }),
  post('with an empty name', '/flows/', { name: '' }),
  post('with a name of null', '/flows/', { name: null }),
  post('with a name that is a number', '/flows/', { name: 7 }),
  ...['/', '%', '&', '>', '<'].map((bad) =>
    post(`with a ${bad} in the name`, '/flows/', { name: `a${bad}b` }),
  ),
  post('with tags that are no list', '/flows/', { name: 'x-{tag}', tags: 'a' }),
  post('with an unknown key', '/flows/', { name: 'x-{tag}', colour: 'red' }),
  get('read', '/flows/{f}'),
  get('read an id that nobody has', '/flows/{uuid:no}'),
  get('by name', '/flows/name/f-{tag}'),
  get('by a name that nobody has', '/flows/name/no-{tag}'),
  get('by the name in capitals', '/flows/name/F-{tag}'),
  ...['two words', 'a#b', 'a?b', 'größe 🚀', 'a+b', "it's", 'a;b,c'].flatMap((name) => [
    post(`create ${name}`, '/flows/', { name: `${name} {tag}` }, { view: fields('name') }),
    get(`by name ${name}`, `/flows/name/${encodeURIComponent(name)}%20{tag}`, {
      view: fields('name'),
    }),
  ]),
];

const changes: Case[] = [
  ...prepare(
    post('make', '/flows/', { name: 'f-{tag}', tags: ['a'] }, { save: { f: 'id' } }),
    post('make g', '/flows/', { name: 'g-{tag}' }, { save: { g: 'id' } }),
    post(
      'make a deployment',
      '/deployments/',
      { name: 'd', flow_id: '{g}' },
      { save: { d: 'id' } },
    ),
    post('make a run', '/deployments/{d}/create_flow_run', {}, { save: { run: 'id' } }),
  ),
  patch('tags', '/flows/{f}', { tags: ['b', 'c'] }),
  get('has the tags', '/flows/{f}'),
  patch('nothing', '/flows/{f}', {}),
  get('after nothing', '/flows/{f}', { view: fields('tags') }),
  patch('an unknown key', '/flows/{f}', { colour: 'red' }),
  patch('one that is not there', '/flows/{uuid:no}', { tags: [] }),
  del('delete', '/flows/{f}'),
  del('delete again', '/flows/{f}'),
  get('read the deleted', '/flows/{f}'),
  get('by name', '/flows/name/f-{tag}'),
  post('create anew', '/flows/', { name: 'f-{tag}' }, { view: fields('name', 'tags') }),
  del('delete one with a deployment and a run', '/flows/{g}'),
  get('its deployment', '/deployments/{d}'),
  get('its run', '/flow_runs/{run}'),
];

const which = { name: { any_: ['a-{tag}', 'b-{tag}', 'c-{tag}'] } };
const filters: Case[] = [
  ...prepare(
    post('make b', '/flows/', { name: 'b-{tag}', tags: ['red', 'x-{tag}'] }, { save: { b: 'id' } }),
    post(
      'make a',
      '/flows/',
      { name: 'a-{tag}', tags: ['red', 'blue', 'x-{tag}'] },
      { save: { a: 'id' } },
    ),
    post('make c', '/flows/', { name: 'c-{tag}' }, { save: { c: 'id' } }),
    post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
    post(
      'a deployment',
      '/deployments/',
      { name: 'd-{tag}', flow_id: '{a}', tags: ['dep-{tag}'], work_pool_name: 'p-{tag}' },
      { save: { d: 'id' } },
    ),
    post(
      'a run',
      '/flow_runs/',
      { flow_id: '{b}', name: 'r-{tag}', state: { type: 'RUNNING' } },
      { save: { run: 'id' } },
    ),
  ),
  ...(
    [
      ['names', { name: { any_: ['c-{tag}', 'a-{tag}', 'no'] } }],
      ['part of a name', { name: { like_: '{tag}' } }],
      ['part of a name in capitals', { name: { like_: 'A-{tag}' } }],
      ['a per cent sign', { name: { like_: '%{tag}' } }],
      ['ids', { id: { any_: ['{b}'] } }],
      ['not ids', { ...which, id: { not_any_: ['{b}'] } }],
      ['no ids', { id: { any_: [] } }],
      ['all tags', { tags: { all_: ['red', 'x-{tag}'] } }],
      ['more tags', { tags: { all_: ['red', 'blue', 'x-{tag}'] } }],
      ['any tag', { ...which, tags: { any_: ['blue', 'green'] } }],
      ['no tags', { ...which, tags: { is_null_: true } }],
      ['some tags', { ...which, tags: { is_null_: false } }],
      ['without a deployment', { ...which, deployment: { is_null_: true } }],
      ['with a deployment', { ...which, deployment: { is_null_: false } }],
      ['or', { operator: 'or_', id: { any_: ['{c}'] }, name: { any_: ['a-{tag}'] } }],
      ['an operator that there is not', { operator: 'xor_', ...which }],
    ] as const
  ).map(([name, flows]) => post(name, '/flows/filter', { flows }, { view: names })),
  ...(
    [
      ['by a deployment', { deployments: { name: { any_: ['d-{tag}'] } } }],
      ['by the tag of a deployment', { deployments: { tags: { all_: ['dep-{tag}'] } } }],
      ['by a run', { flow_runs: { id: { any_: ['{run}'] } } }],
      ['by the state of a run', { flow_runs: { state: { type: { any_: ['RUNNING'] } } } }],
      ['by the name of a run', { flow_runs: { name: { any_: ['r-{tag}'] } } }],
      ['by a pool', { work_pools: { name: { any_: ['p-{tag}'] } } }],
      [
        'by two that fit different flows',
        { deployments: { id: { any_: ['{d}'] } }, flow_runs: { id: { any_: ['{run}'] } } },
      ],
      ['newest first', { sort: 'CREATED_DESC' }],
      ['last changed first', { sort: 'UPDATED_DESC' }],
      ['by name', { sort: 'NAME_ASC' }],
      ['by name backwards', { sort: 'NAME_DESC' }],
      ['sort null', { sort: null }],
      ['a sort that there is not', { sort: 'COLOUR_ASC' }],
      ...PAGES,
    ] as const
  ).map(([name, more]) => post(name, '/flows/filter', { flows: which, ...more }, { view: names })),
  post('as the CLI does', '/flows/filter', {
    flows: { operator: 'and_', id: { any_: ['{c}', '{a}'] }, name: null, tags: null },
    flow_runs: null,
    task_runs: null,
    deployments: null,
    work_pools: null,
    work_queues: null,
    sort: null,
    limit: null,
    offset: 0,
  }),
];

export const FLOWS: Scenario[] = [
  { area: 'flows', name: 'flows', cases: creates },
  { area: 'flows', name: 'changing and deleting a flow', cases: changes },
  { area: 'flows', name: 'listing flows', cases: filters },
];
