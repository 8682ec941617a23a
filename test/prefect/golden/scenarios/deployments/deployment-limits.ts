import { type Case, fields, get, post, prepare, type Scenario } from '../../case.ts';
import { outcome } from '../states/set-state-pairs.ts';

const LIMIT = fields('concurrency_limit', 'concurrency_options', 'global_concurrency_limit');
const run = (name: string): Case =>
  post(`run ${name}`, '/deployments/{d}/create_flow_run', { name }, { save: { [name]: 'id' } });
const set = (name: string, id: string, type: string): Case =>
  post(
    name,
    `/flow_runs/{${id}}/set_state`,
    { state: { type } },
    {
      view: outcome,
      headers: { 'x-prefect-worker-name': 'w {tag}' },
    },
  );
const make = (concurrency_options: object | null): Case[] => [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
  ),
  post(
    'a deployment',
    '/deployments/',
    {
      name: 'd',
      flow_id: '{flow}',
      work_pool_name: 'p-{tag}',
      concurrency_limit: 1,
      concurrency_options,
    },
    {
      save: { d: 'id' },
      view: LIMIT,
    },
  ),
];

const enqueue: Case[] = [
  ...make(null),
  ...prepare(run('one'), run('two'), run('three')),
  set('the first claim', 'one', 'PENDING'),
  set('the second waits', 'two', 'PENDING'),
  get('it is scheduled', '/flow_runs/{two}', {
    view: fields('state_type', 'state_name', 'next_scheduled_start_time', 'run_count'),
  }),
  get('a slot is taken', '/deployments/{d}', { view: LIMIT }),
  set('the first runs', 'one', 'RUNNING'),
  set('the third runs without a claim', 'three', 'RUNNING'),
  set('the first ends', 'one', 'COMPLETED'),
  get('the slots then', '/deployments/{d}', { view: LIMIT }),
];

const cancelNew: Case[] = [
  ...make({ collision_strategy: 'CANCEL_NEW', grace_period_seconds: 60 }),
  ...prepare(run('one'), run('two')),
  set('the first claim', 'one', 'PENDING'),
  set('the second is cancelled', 'two', 'PENDING'),
  get('it is cancelled', '/flow_runs/{two}', {
    view: fields('state_type', 'state_name', 'end_time'),
  }),
];

export const DEPLOYMENT_LIMITS: Scenario[] = [
  { area: 'deployments', name: 'limits of deployments', cases: enqueue },
  { area: 'deployments', name: 'limits that cancel', cases: cancelNew },
];
