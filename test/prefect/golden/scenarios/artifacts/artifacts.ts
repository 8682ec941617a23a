import { type Case, del, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';

const shown = fields(
  'key',
  'type',
  'description',
  'data',
  'metadata_',
  'flow_run_id',
  'task_run_id',
);
const create = (name: string, body: object, save?: string): Case =>
  post(name, '/artifacts/', body, { view: shown, ...(save ? { save: { [save]: 'id' } } : {}) });
const refused = (name: string, body: unknown): Case =>
  post(name, '/artifacts/', body, { view: () => 'refused' });
const datas = (body: readonly { data: unknown }[]) => body.map(({ data }) => data);
const list = (name: string, artifacts: object, more: object = {}): Case =>
  post(name, '/artifacts/filter', { artifacts, sort: 'KEY_ASC', ...more }, { view: datas });
const latest = (name: string, artifacts: object | null, more: object = {}): Case =>
  post(name, '/artifacts/latest/filter', { artifacts, sort: 'KEY_ASC', ...more }, { view: datas });
const run = '11111111-1111-4111-8111-111111111111';
const task = '22222222-2222-4222-8222-222222222222';
const NONE = '00000000-0000-4000-8000-000000000000';

const creates: Case[] = [
  create('of a text', { key: 'text-{tag}', type: 'markdown', data: '# ok', description: 'd' }, 'a'),
  get('read', '/artifacts/{a}', { view: shown }),
  create('of an object', { key: 'object-{tag}', data: { a: [1, { b: null }] } }),
  create('of a list', { data: [1, 2.5, 'x'] }),
  create('of a number', { data: 7 }),
  create('of nothing', {}),
  create('of null', { key: null, type: null, data: null, description: null, metadata_: null }),
  create('of runs', { flow_run_id: run, task_run_id: task, type: 'table', data: '[]' }),
  create('with metadata', { metadata_: { a: 'b' } }),
  refused('metadata of numbers', { metadata_: { a: [1] } }),
  refused('a key in capitals', { key: 'Key' }),
  refused('a key with a blank', { key: 'a b' }),
  refused('an unknown field', { name: 'x' }),
  refused('a run that is no id', { flow_run_id: 'x' }),
  refused('no body', undefined),
  get('none', `/artifacts/${NONE}`),
  get('no id', '/artifacts/x', { view: () => 'refused' }),
  patch('other data', '/artifacts/{a}', { data: { n: 1 } }),
  get('changed', '/artifacts/{a}', { view: shown }),
  patch('another description', '/artifacts/{a}', { description: 'e' }),
  get('changed again', '/artifacts/{a}', { view: shown }),
  patch('another key', '/artifacts/{a}', { key: 'x' }, { view: () => 'refused' }),
  patch('none to change', `/artifacts/${NONE}`, { data: 1 }),
  del('deleted', '/artifacts/{a}'),
  del('deleted again', '/artifacts/{a}'),
  get('gone', '/artifacts/{a}'),
  get('of no key', '/artifacts/text-{tag}/latest'),
];

const versions: Case[] = [
  ...prepare(
    create('the first', { key: 'k-{tag}', data: 1 }, 'one'),
    create('the second', { key: 'k-{tag}', data: 2 }, 'two'),
    create('the third', { key: 'k-{tag}', data: 3, type: 'progress' }, 'three'),
    create('of another', { key: 'l-{tag}', data: 4 }),
  ),
  get('the latest', '/artifacts/k-{tag}/latest', { view: shown }),
  list('all of a key', { key: { any_: ['k-{tag}'] } }, { sort: 'CREATED_DESC' }),
  latest('one of each key', { key: { like_: '{tag}' } }),
  latest('by its type', { key: { like_: '{tag}' }, type: { any_: ['progress'] } }),
  latest('by its id', { latest_id: { any_: ['{three}'] } }),
  latest('by the id of a former one', { latest_id: { any_: ['{one}'] } }),
  post('how many keys', '/artifacts/latest/count', { artifacts: { key: { like_: '{tag}' } } }),
  patch('the latest is changed', '/artifacts/{three}', { data: 33 }),
  get('as it is now', '/artifacts/k-{tag}/latest', { view: shown }),
  del('the latest is deleted', '/artifacts/{three}'),
  get('the second is the latest', '/artifacts/k-{tag}/latest', { view: shown }),
  del('a former one is deleted', '/artifacts/{one}'),
  get('the second still', '/artifacts/k-{tag}/latest', { view: shown }),
  del('the last one is deleted', '/artifacts/{two}'),
  get('no key is left', '/artifacts/k-{tag}/latest'),
  latest('the other is', { key: { like_: '{tag}' } }),
];

const lists: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { f: 'id' } }),
    post('a run', '/flow_runs/', { flow_id: '{f}' }, { save: { r: 'id' } }),
    create('a', { key: 'a-{tag}', type: 'table', data: 'a', flow_run_id: '{r}' }, 'a'),
    create('b', { key: 'b-{tag}', type: 'markdown', data: 'b', flow_run_id: '{r}' }),
    create('c', { key: 'c-{tag}', type: 'link', data: 'c', task_run_id: task }),
    create('d', { data: 'd', flow_run_id: '{r}' }),
  ),
  list('by its id', { id: { any_: ['{a}'] } }),
  list('by its key', { key: { any_: ['b-{tag}', 'c-{tag}'] } }),
  list('by a part of its key', { key: { like_: '{tag}' } }),
  list('those without a key', { flow_run_id: { any_: ['{r}'] }, key: { exists_: false } }),
  list('those with a key', { flow_run_id: { any_: ['{r}'] }, key: { exists_: true } }),
  list('by its type', { key: { like_: '{tag}' }, type: { any_: ['table', 'link'] } }),
  list('but of a type', { key: { like_: '{tag}' }, type: { not_any_: ['table'] } }),
  list('of any of it', { operator: 'or_', id: { any_: ['{a}'] }, key: { any_: ['c-{tag}'] } }),
  list('of no id', { id: { any_: [] } }),
  list('in the other order', { key: { like_: '{tag}' } }, { sort: 'KEY_DESC' }),
  list('the newest first', { key: { like_: '{tag}' } }, { sort: 'CREATED_DESC' }),
  list('the last changed first', { key: { like_: '{tag}' } }, { sort: 'UPDATED_DESC' }),
  list('a page', { key: { like_: '{tag}' } }, { limit: 1, offset: 1 }),
  list('an unknown order', {}, { sort: 'NAME_ASC' }),
  list('an unknown field', { name: {} }),
  list('by its run', {}, { flow_runs: { id: { any_: ['{r}'] } }, sort: 'CREATED_DESC' }),
  list('by its flow', {}, { flows: { name: { any_: ['f-{tag}'] } }, sort: 'CREATED_DESC' }),
  latest('latest by their flow', {}, { flows: { name: { any_: ['f-{tag}'] } } }),
  post('how many', '/artifacts/count', { artifacts: { key: { like_: '{tag}' } } }),
  post('how many of a run', '/artifacts/count', { flow_runs: { id: { any_: ['{r}'] } } }),
  post('how many keys of a run', '/artifacts/latest/count', {
    flow_runs: { id: { any_: ['{r}'] } },
  }),
];

export const ARTIFACTS: readonly Scenario[] = [
  { area: 'artifacts', name: 'artifacts', cases: creates },
  { area: 'artifacts', name: 'versions of artifacts', cases: versions },
  { area: 'artifacts', name: 'lists of artifacts', cases: lists },
];
