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
import { outcome } from '../states/set-state-pairs.ts';

const cases: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post(
      'a run',
      '/flow_runs/',
      { flow_id: '{flow}', name: 'parent-{tag}' },
      { save: { run: 'id' } },
    ),
  ),
  post(
    'as the engine tracks a subflow',
    '/task_runs/',
    {
      state: { type: 'PENDING', name: 'Pending', message: null, data: null, state_details: {} },
      name: 'sub-{tag}',
      flow_run_id: '{run}',
      task_key: 'sub-1',
      dynamic_key: 'dk-1',
      cache_key: null,
      cache_expiration: null,
      task_version: null,
      empirical_policy: {
        max_retries: 0,
        retry_delay_seconds: 0,
        retries: 0,
        retry_delay: 0,
        retry_jitter_factor: null,
      },
      tags: [],
      labels: {},
      task_inputs: { x: [] },
    },
    { save: { task: 'id' } },
  ),
  post(
    'once more',
    '/task_runs/',
    { flow_run_id: '{run}', task_key: 'sub-1', dynamic_key: 'dk-1' },
    { view: fields('id', 'name') },
  ),
  post('the least', '/task_runs/', { task_key: 'k', dynamic_key: '0' }, { save: { least: 'id' } }),
  post('without a key', '/task_runs/', { dynamic_key: '0' }),
  post('with an unknown key', '/task_runs/', { task_key: 'k', dynamic_key: '1', colour: 'red' }),
  get('read', '/task_runs/{task}'),
  get('read one that is not there', '/task_runs/{uuid:no}'),
  post(
    'a subflow',
    '/flow_runs/',
    {
      flow_id: '{flow}',
      name: 'child-{tag}',
      parent_task_run_id: '{task}',
      state: { type: 'PENDING' },
    },
    {
      save: { child: 'id' },
      view: fields('parent_task_run_id', 'state_type', 'name'),
    },
  ),
  post(
    'found by its task',
    '/flow_runs/filter',
    {
      flow_runs: { parent_task_run_id: { any_: ['{task}'] } },
      sort: 'EXPECTED_START_TIME_DESC',
      limit: 1,
    },
    { view: names },
  ),
  post(
    'the subflow runs',
    '/flow_runs/{child}/set_state',
    { state: { type: 'RUNNING' } },
    { view: outcome },
  ),
  get('so does its task', '/task_runs/{task}', {
    view: fields('state_type', 'state_name', 'run_count', 'start_time'),
  }),
  post(
    'the subflow ends',
    '/flow_runs/{child}/set_state',
    { state: { type: 'COMPLETED', data: { a: 1 } } },
    { view: outcome },
  ),
  get('so does its task, too', '/task_runs/{task}'),
  post(
    'a state of a task',
    '/task_runs/{least}/set_state',
    { state: { type: 'RUNNING' } },
    { view: outcome },
  ),
  post(
    'a last state of a task',
    '/task_runs/{least}/set_state',
    { state: { type: 'COMPLETED' } },
    { view: outcome },
  ),
  post('a state of a task that is not there', '/task_runs/{uuid:no}/set_state', {
    state: { type: 'RUNNING' },
  }),
  patch('a name', '/task_runs/{least}', { name: 'n-{tag}' }),
  get('has the name', '/task_runs/{least}', { view: fields('name', 'state_type') }),
  patch('one that is not there', '/task_runs/{uuid:no}', { name: 'x' }),
  post(
    'list by id',
    '/task_runs/filter',
    { task_runs: { id: { any_: ['{task}', '{least}'] } } },
    { view: names, unordered: true },
  ),
  post(
    'list by run',
    '/task_runs/filter',
    { task_runs: { flow_run_id: { any_: ['{run}'] } } },
    { view: names },
  ),
  post(
    'list by run, joined',
    '/task_runs/filter',
    { flow_runs: { id: { any_: ['{run}'] } } },
    { view: names },
  ),
  post('count by run', '/task_runs/count', { task_runs: { flow_run_id: { any_: ['{run}'] } } }),
  post(
    'list by state',
    '/task_runs/filter',
    {
      task_runs: { id: { any_: ['{task}', '{least}'] }, state: { type: { any_: ['COMPLETED'] } } },
    },
    { view: (body: unknown[]) => body.length },
  ),
  del('delete', '/task_runs/{least}'),
  del('delete again', '/task_runs/{least}'),
  get('read the deleted', '/task_runs/{least}'),
];

const inputs: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post('a run', '/flow_runs/', { flow_id: '{flow}' }, { save: { run: 'id' } }),
  ),
  post('write', '/flow_runs/{run}/input', {
    key: 'a-1',
    value: '{"x": 1}',
    sender: 'prefect.flow-run.x',
  }),
  post('write again', '/flow_runs/{run}/input', { key: 'a-1', value: '2' }),
  post('write another', '/flow_runs/{run}/input', { key: 'b-1', value: '3' }),
  post('write with an odd key', '/flow_runs/{run}/input', { key: 'a b/', value: '3' }),
  post('write to a run that is not there', '/flow_runs/{uuid:no}/input', { key: 'a', value: '1' }),
  get('read', '/flow_runs/{run}/input/a-1'),
  get('read one that is not there', '/flow_runs/{run}/input/no'),
  post(
    'list',
    '/flow_runs/{run}/input/filter',
    { prefix: 'a' },
    { view: (body: { key: string }[]) => body.map(({ key }) => key) },
  ),
  post(
    'list all',
    '/flow_runs/{run}/input/filter',
    { prefix: '' },
    { view: (body: { key: string }[]) => body.map(({ key }) => key), unordered: true },
  ),
  post(
    'list without what was seen',
    '/flow_runs/{run}/input/filter',
    { prefix: '', exclude_keys: ['a-1'], limit: 1 },
    { view: (body: { key: string }[]) => body.map(({ key }) => key) },
  ),
  del('delete', '/flow_runs/{run}/input/a-1'),
  del('delete again', '/flow_runs/{run}/input/a-1'),
];

export const TASK_RUNS: Scenario[] = [
  { area: 'task-runs', name: 'task runs', cases },
  { area: 'task-runs', name: 'inputs of a run', cases: inputs },
];
