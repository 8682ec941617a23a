import { type Case, get, post, prepare, type Scenario } from '../../case.ts';

const flow = (name: string): Case =>
  post(`flow ${name}`, '/flows/', { name: `${name}-{tag}` }, { save: { [name]: 'id' } });
const deployment = (name: string, of: string): Case =>
  post(
    `deployment ${name}`,
    '/deployments/',
    { name: `${name}-{tag}`, flow_id: `{${of}}`, tags: [`${of}-{tag}`] },
    { save: { [name]: 'id' } },
  );
const run = (name: string, body: object): Case =>
  post(`run ${name}`, '/flow_runs/', { flow_id: '{f}', ...body }, { save: { [name]: 'id' } });
const deleted = (body: { deleted: string[] }) => body.deleted;
const remove = (name: string, path: string, body?: object): Case =>
  post(name, path, body, { view: deleted, unordered: true });

const deployments: Case[] = [
  ...prepare(
    flow('f'),
    ...['a', 'b', 'c', 'd'].map((name) => deployment(name, 'f')),
    run('r', { state: { type: 'PENDING' } }),
    post('a run of a', '/deployments/{a}/create_flow_run', {}, { save: { of_a: 'id' } }),
  ),
  remove('two by ids', '/deployments/bulk_delete', {
    deployments: { id: { any_: ['{a}', '{b}', '{uuid:no}'] } },
  }),
  get('read a deleted one', '/deployments/{a}'),
  get('read its flow', '/flows/{f}', { view: () => 'there' }),
  remove('again', '/deployments/bulk_delete', { deployments: { id: { any_: ['{a}', '{b}'] } } }),
  remove('by a name that there is not', '/deployments/bulk_delete', {
    deployments: { name: { any_: ['no-{tag}'] } },
  }),
  remove('no ids', '/deployments/bulk_delete', { deployments: { id: { any_: [] } } }),
  post(
    'one at the most',
    '/deployments/bulk_delete',
    { deployments: { tags: { all_: ['f-{tag}'] } }, limit: 1 },
    { view: (body: { deleted: string[] }) => body.deleted.length },
  ),
  post('none at the most', '/deployments/bulk_delete', { limit: 0 }),
  post('too many', '/deployments/bulk_delete', { limit: 51 }),
  post('by what there is not', '/deployments/bulk_delete', { deployments: { colour: 'red' } }),
  post(
    'by name',
    '/deployments/bulk_delete',
    { deployments: { name: { any_: ['c-{tag}', 'd-{tag}'] } } },
    { view: (body: { deleted: string[] }) => body.deleted.length },
  ),
  post(
    'who is left',
    '/deployments/filter',
    { flows: { id: { any_: ['{f}'] } } },
    { view: (all: unknown[]) => all.length },
  ),
];

const flows: Case[] = [
  ...prepare(
    ...['f', 'g', 'h', 'i'].map(flow),
    ...['a', 'b'].map((name) => deployment(name, 'f')),
    deployment('c', 'g'),
  ),
  remove('two by ids', '/flows/bulk_delete', {
    flows: { id: { any_: ['{f}', '{g}', '{uuid:no}'] } },
  }),
  get('read a deleted one', '/flows/{f}'),
  get('read its deployment', '/deployments/{a}'),
  get('read the deployment of another', '/deployments/{c}'),
  remove('again', '/flows/bulk_delete', { flows: { id: { any_: ['{f}', '{g}'] } } }),
  remove('no ids', '/flows/bulk_delete', { flows: { id: { any_: [] } } }),
  post('none at the most', '/flows/bulk_delete', { limit: 0 }),
  post('too many', '/flows/bulk_delete', { limit: 51 }),
  post(
    'one at the most',
    '/flows/bulk_delete',
    { flows: { id: { any_: ['{h}', '{i}'] } }, limit: 1 },
    { view: (body: { deleted: string[] }) => body.deleted.length },
  ),
  post(
    'who is left',
    '/flows/filter',
    { flows: { name: { any_: ['f-{tag}', 'g-{tag}', 'h-{tag}', 'i-{tag}'] } } },
    { view: (all: unknown[]) => all.length },
  ),
];

const types = ({ results }: { results: { status: string; state: { type: string } | null }[] }) =>
  results.map(({ status, state }) => `${status} ${state?.type ?? 'nothing'}`).sort();
const set = (name: string, ids: readonly string[], state: object, more: object = {}): Case =>
  post(
    name,
    '/flow_runs/bulk_set_state',
    { flow_runs: { id: { any_: ids.map((id) => `{${id}}`) } }, state, ...more },
    { view: types },
  );
const look = (name: string, id: string): Case =>
  get(name, `/flow_runs/{${id}}`, { view: (run: { state_type: string }) => run.state_type });

const runs: Case[] = [
  ...prepare(
    flow('f'),
    deployment('d', 'f'),
    run('a', { state: { type: 'PENDING' } }),
    run('b', { state: { type: 'RUNNING' } }),
    run('c', { state: { type: 'COMPLETED' } }),
    run('e', { state: { type: 'FAILED' }, deployment_id: '{d}' }),
    run('g', { state: { type: 'PENDING' } }),
  ),
  set('all cancelled', ['a', 'b'], { type: 'CANCELLED', name: 'Cancelled' }),
  look('is cancelled', 'a'),
  set('ended ones run again', ['c'], { type: 'RUNNING' }),
  set('ended ones run again, forced', ['c', 'e'], { type: 'RUNNING' }, { force: true }),
  set('ended ones are scheduled', ['e'], { type: 'SCHEDULED' }),
  set('forced to be completed', ['a', 'g'], { type: 'COMPLETED' }, { force: true }),
  look('is completed', 'g'),
  set('forced to be failed', ['a', 'g'], { type: 'FAILED', message: 'by hand' }, { force: true }),
  look('is failed', 'a'),
  set('none', ['uuid:no'], { type: 'CANCELLED' }),
  post('without a state', '/flow_runs/bulk_set_state', {
    flow_runs: { id: { any_: ['{a}'] } },
  }),
  post('none at the most', '/flow_runs/bulk_set_state', {
    state: { type: 'CANCELLED' },
    limit: 0,
  }),
  post('too many', '/flow_runs/bulk_set_state', { state: { type: 'CANCELLED' }, limit: 51 }),
  remove('by names of states', '/flow_runs/bulk_delete', {
    flow_runs: {
      id: { any_: ['{a}', '{b}', '{g}'] },
      state: { name: { any_: ['Failed'] }, type: { any_: ['FAILED'] } },
    },
  }),
  remove('by another name', '/flow_runs/bulk_delete', {
    flow_runs: {
      id: { any_: ['{b}', '{c}'] },
      state: { name: { any_: ['Failed'] }, type: { any_: ['CANCELLED'] } },
    },
  }),
  remove('by no state', '/flow_runs/bulk_delete', {
    flow_runs: { id: { any_: ['{b}'] }, state: { type: { any_: [] } } },
  }),
  remove('by the opposite of states', '/flow_runs/bulk_delete', {
    flow_runs: {
      id: { any_: ['{b}', '{c}'] },
      state: { type: { not_any_: ['RUNNING', 'COMPLETED'] } },
    },
  }),
  remove('no ids', '/flow_runs/bulk_delete', { flow_runs: { id: { any_: [] } } }),
  post('no run at the most', '/flow_runs/bulk_delete', { limit: 0 }),
  post('too many runs', '/flow_runs/bulk_delete', { limit: 51 }),
];

export const BULK_DELETES: Scenario[] = [
  { area: 'bulk', name: 'deleting deployments', cases: deployments },
  { area: 'bulk', name: 'deleting flows', cases: flows },
  { area: 'bulk', name: 'states of many runs', cases: runs },
];
