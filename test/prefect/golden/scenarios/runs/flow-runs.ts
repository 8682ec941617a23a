import { type Case, del, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';

const make = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
  post('a queue', '/work_pools/p-{tag}/queues', { name: 'q' }),
);
const run = (name: string, body: object, view?: readonly string[], save = 'last'): Case =>
  post(
    name,
    '/flow_runs/',
    { flow_id: '{flow}', ...body },
    {
      save: { [save]: 'id' },
      ...(view ? { view: fields(...view) } : {}),
    },
  );

const creates: Case[] = [
  ...make,
  run('the least', {}, undefined, 'least'),
  get('read', '/flow_runs/{least}'),
  run('as the client does', {
    state: {
      type: 'PENDING',
      name: 'Pending',
      message: null,
      state_details: { traceparent: null },
      data: null,
    },
    name: null,
    flow_version: null,
    parameters: { a: 1 },
    context: {},
    parent_task_run_id: null,
    idempotency_key: null,
    tags: [],
    labels: {},
    empirical_policy: {
      retries: 0,
      retry_delay: 0,
      pause_keys: [],
      resuming: false,
      retry_type: null,
    },
    work_pool_name: null,
    work_queue_name: null,
    job_variables: null,
  }),
  run('scheduled', {
    state: { type: 'SCHEDULED', state_details: { scheduled_time: '{now+3600}' } },
  }),
  run('scheduled without a time', { state: { type: 'SCHEDULED' } }, ['state_type', 'state_name']),
  run('running', { state: { type: 'RUNNING' } }),
  run('completed', { state: { type: 'COMPLETED', message: 'done' } }),
  run('completed with data', { state: { type: 'COMPLETED', data: { a: 1 } } }),
  run('in a pool', { work_pool_name: 'p-{tag}' }, [
    'work_pool_name',
    'work_queue_name',
    'state_type',
  ]),
  run('in a queue of a pool', { work_pool_name: 'p-{tag}', work_queue_name: 'q' }, [
    'work_pool_name',
    'work_queue_name',
  ]),
  run('in a queue that is not there', { work_pool_name: 'p-{tag}', work_queue_name: 'no' }),
  run('in a pool that is not there', { work_pool_name: 'no-{tag}' }),
  run('with job variables', { work_pool_name: 'p-{tag}', job_variables: { a: 1 } }, [
    'job_variables',
  ]),
  run(
    'with a name, tags, labels, version',
    { name: 'r-{tag}', tags: ['b', 'a', 'b'], labels: { k: 'v' }, flow_version: 'v7' },
    ['name', 'tags', 'labels', 'flow_version'],
  ),
  run('with an odd name', { name: 'a/b %> ü 🚀' }, ['name']),
  run('with an empty name', { name: '' }, undefined, 'unnamed'),
  post('of a flow that is not there', '/flow_runs/', { flow_id: '{uuid:no}' }),
  post('without a flow', '/flow_runs/', {}),
  run('with an unknown key', { colour: 'red' }),
  run('with a state that is none', { state: { type: 'ASLEEP' } }),
  run('with an unknown key in the state', { state: { type: 'PENDING', colour: 'red' } }),
  run('with a parent that is not there', { parent_task_run_id: '{uuid:no}' }),
  run('with an id of a state', { state: { type: 'PENDING', id: '{uuid:state}' } }),
  get('read an id that nobody has', '/flow_runs/{uuid:no}'),
];

const changes: Case[] = [
  ...make,
  ...prepare(
    post(
      'a deployment',
      '/deployments/',
      { name: 'd', flow_id: '{flow}', work_pool_name: 'p-{tag}' },
      { save: { d: 'id' } },
    ),
    post(
      'a run',
      '/deployments/{d}/create_flow_run',
      { tags: ['a'], parameters: { x: 1 }, labels: { one: 1 } },
      { save: { run: 'id' } },
    ),
  ),
  patch('nothing', '/flow_runs/{run}', {}),
  patch('name and tags', '/flow_runs/{run}', { name: 'n-{tag}', tags: ['b'] }),
  get('has them', '/flow_runs/{run}'),
  patch('as the engine does', '/flow_runs/{run}', {
    flow_version: 'v2',
    empirical_policy: {
      max_retries: 0,
      retry_delay_seconds: 0.0,
      retries: 3,
      retry_delay: 2,
      pause_keys: [],
      resuming: false,
      retry_type: null,
    },
  }),
  get('has the policy', '/flow_runs/{run}', {
    view: fields('flow_version', 'empirical_policy', 'name'),
  }),
  patch('the process id', '/flow_runs/{run}', { infrastructure_pid: '4711' }),
  get('has the process id', '/flow_runs/{run}', { view: fields('infrastructure_pid') }),
  patch('job variables while scheduled', '/flow_runs/{run}', { job_variables: { a: 'b' } }),
  get('has the job variables', '/flow_runs/{run}', { view: fields('job_variables') }),
  patch('parameters', '/flow_runs/{run}', { parameters: { y: 2 } }),
  get('has the parameters', '/flow_runs/{run}', { view: fields('parameters') }),
  patch('an unknown key', '/flow_runs/{run}', { colour: 'red' }),
  patch('the state', '/flow_runs/{run}', { state_type: 'RUNNING' }),
  patch('the name to null', '/flow_runs/{run}', { name: null }),
  patch('one that is not there', '/flow_runs/{uuid:no}', { name: 'x' }),
  patch('labels', '/flow_runs/{run}/labels', { 'prefect.worker.name': 'w', two: 2 }),
  get('has the labels', '/flow_runs/{run}', { view: fields('labels') }),
  patch('labels again', '/flow_runs/{run}/labels', { two: 3, yes: true }),
  get('has the labels again', '/flow_runs/{run}', { view: fields('labels') }),
  patch('labels of one that is not there', '/flow_runs/{uuid:no}/labels', { a: 'b' }),
  ...prepare(post('claim it', '/flow_runs/{run}/set_state', { state: { type: 'PENDING' } })),
  patch('job variables when claimed', '/flow_runs/{run}', { job_variables: { a: 'c' } }),
  patch('tags when claimed', '/flow_runs/{run}', { tags: ['c'] }),
  get('in the end', '/flow_runs/{run}', {
    view: fields('tags', 'job_variables', 'state_type', 'state_name'),
  }),
  ...prepare(run('another run', {}, undefined, 'other')),
  patch('a label that is a list', '/flow_runs/{other}/labels', { a: [1] }),
];

const deletes: Case[] = [
  ...make,
  ...prepare(
    run('a run', { name: 'a-{tag}' }, undefined, 'a'),
    run('another', { name: 'b-{tag}' }, undefined, 'b'),
    run('a third', { name: 'c-{tag}' }, undefined, 'c'),
    post('a log', '/logs/', [
      { name: 'l', level: 20, message: 'm', timestamp: '{now}', flow_run_id: '{a}' },
    ]),
  ),
  del('delete', '/flow_runs/{a}'),
  del('delete again', '/flow_runs/{a}'),
  get('read the deleted', '/flow_runs/{a}'),
  post('list it', '/flow_runs/filter', { flow_runs: { id: { any_: ['{a}'] } } }),
  get('its states', '/flow_run_states/?flow_run_id={a}'),
  post('propose a state to it', '/flow_runs/{a}/set_state', { state: { type: 'RUNNING' } }),
  patch('change it', '/flow_runs/{a}', { name: 'x' }),
  post(
    'its logs',
    '/logs/filter',
    { logs: { flow_run_id: { any_: ['{a}'] } } },
    { eventually: true },
  ),
  post(
    'set states of many',
    '/flow_runs/bulk_set_state',
    { flow_runs: { id: { any_: ['{b}', '{c}'] } }, state: { type: 'CANCELLED' }, force: true },
    {
      view: (body: { results: { status: string }[] }) => body.results.map(({ status }) => status),
    },
  ),
  post(
    'delete many',
    '/flow_runs/bulk_delete',
    { flow_runs: { id: { any_: ['{b}', '{c}', '{uuid:no}'] } } },
    {
      view: (body: { deleted: string[] }) => body.deleted,
      unordered: true,
    },
  ),
  get('read one of many', '/flow_runs/{b}'),
];

export const FLOW_RUNS: Scenario[] = [
  { area: 'flow-runs', name: 'runs of a flow', cases: creates },
  { area: 'flow-runs', name: 'changing a run', cases: changes },
  { area: 'flow-runs', name: 'deleting a run', cases: deletes },
];
