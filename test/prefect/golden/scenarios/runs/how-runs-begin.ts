import { type Case, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';

const make: Case[] = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}', labels: { of: 'flow' } }, { save: { f: 'id' } }),
  post('another flow', '/flows/', { name: 'g-{tag}' }, { save: { g: 'id' } }),
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
  post(
    'a deployment',
    '/deployments/',
    {
      name: 'd',
      flow_id: '{f}',
      work_pool_name: 'p-{tag}',
      work_queue_name: 'q',
      version: 'v1',
      tags: ['of-d'],
      labels: { of: 'd' },
      parameters: { x: 1 },
      job_variables: { env: { A: 'b' } },
    },
    { save: { d: 'id' } },
  ),
);

const run = (name: string, body: object, save = 'last', view?: readonly string[]): Case =>
  post(
    name,
    '/flow_runs/',
    { flow_id: '{f}', ...body },
    { save: { [save]: 'id' }, ...(view ? { view: fields(...view) } : {}) },
  );

const ofDeployments: Case[] = [
  ...make,
  run('with a deployment', { deployment_id: '{d}' }, 'one'),
  get('read it', '/flow_runs/{one}'),
  run('with everything', {
    deployment_id: '{d}',
    name: 'r-{tag}',
    parameters: { y: 2 },
    tags: ['own'],
    labels: { own: true },
    job_variables: { command: 'c' },
    flow_version: 'v7',
    state: { type: 'SCHEDULED', state_details: { scheduled_time: '{now+3600}' } },
  }),
  run('in a pool', { deployment_id: '{d}', work_pool_name: 'p-{tag}' }, 'pooled', [
    'deployment_id',
    'work_pool_name',
    'work_queue_name',
    'state_type',
  ]),
  run(
    'in a queue',
    { deployment_id: '{d}', work_pool_name: 'p-{tag}', work_queue_name: 'q' },
    'queued',
    ['deployment_id', 'work_pool_name', 'work_queue_name'],
  ),
  run('scheduled now', { deployment_id: '{d}', state: { type: 'SCHEDULED' } }, 'due', [
    'state_type',
    'deployment_id',
    'work_queue_name',
  ]),
  post(
    'found by who serves the deployment',
    '/deployments/get_scheduled_flow_runs',
    { deployment_ids: ['{d}'], scheduled_before: '{now+60}' },
    { view: (runs: { id: string }[]) => runs.map(({ id }) => id), eventually: true },
  ),
  post(
    'found by the deployment',
    '/flow_runs/filter',
    { deployments: { id: { any_: ['{d}'] } }, flow_runs: { id: { any_: ['{one}'] } } },
    { view: (runs: { id: string }[]) => runs.map(({ id }) => id) },
  ),
  run('of another flow', { flow_id: '{g}', deployment_id: '{d}' }, 'other', [
    'flow_id',
    'deployment_id',
  ]),
  run('of a deployment that is not there', { deployment_id: '{uuid:no}' }, 'lost', [
    'deployment_id',
  ]),
  run('with a deployment of null', { deployment_id: null }, 'none', ['deployment_id']),
  run('with an id that is none', { deployment_id: 'd' }),
  run('running', { deployment_id: '{d}', state: { type: 'RUNNING' } }, 'runs', [
    'state_type',
    'run_count',
    'deployment_id',
  ]),
  post('it ends', '/flow_runs/{runs}/set_state', { state: { type: 'COMPLETED' } }),
];

const told = (body: {
  status: string;
  state: { type: string; name: string } | null;
  details: { type: string };
}) => ({
  status: body.status,
  state: body.state && { type: body.state.type, name: body.state.name },
  details: body.details.type,
});
const set = (name: string, of: string, state: object): Case =>
  post(name, `/flow_runs/{${of}}/set_state`, { state }, { view: told });
const resume = (name: string, of: string): Case =>
  post(name, `/flow_runs/{${of}}/resume`, {}, { view: told });
const pause = (more: object = {}) => ({
  type: 'PAUSED',
  state_details: { pause_key: 'k', pause_timeout: '{now+600}', ...more },
});
const suspend = { ...pause({ pause_reschedule: true }), name: 'Suspended' };

const firstStates: Case[] = [
  ...make,
  run('paused', { state: pause() }, 'a'),
  get('is paused', '/flow_runs/{a}'),
  resume('resume it', 'a'),
  get('goes on', '/flow_runs/{a}', { view: fields('state_type', 'run_count') }),
  run('paused until now', { state: pause({ pause_timeout: '{now-1}' }) }, 'b', ['state_name']),
  resume('resume it too late', 'b'),
  run('paused, to be completed', { state: pause() }, 'c', ['state_name']),
  set('complete it', 'c', { type: 'COMPLETED' }),
  run('paused, to be cancelled', { state: pause() }, 'c2', ['state_name']),
  set('cancel it', 'c2', { type: 'CANCELLING' }),
  run('suspended with a deployment', { deployment_id: '{d}', state: suspend }, 'e', [
    'state_name',
    'state_type',
  ]),
  resume('resume what is suspended', 'e'),
  get('waits', '/flow_runs/{e}', { view: fields('state_type', 'state_name', 'run_count') }),
  run('suspended without a deployment', { state: suspend }, 'g2', ['state_name']),
  resume('resume what nobody would find', 'g2'),
  run('suspended, to be cancelled', { deployment_id: '{d}', state: suspend }, 'h', ['state_name']),
  set('cancel what is suspended', 'h', { type: 'CANCELLING' }),
  run('cancelling', { state: { type: 'CANCELLING' } }, 'i'),
  get('is cancelling', '/flow_runs/{i}'),
  set('run it', 'i', { type: 'RUNNING' }),
  set('it is cancelled', 'i', { type: 'CANCELLED' }),
  run(
    'cancelling in a pool',
    { work_pool_name: 'p-{tag}', state: { type: 'CANCELLING', name: 'Stopping' } },
    'j',
    ['state_type', 'state_name', 'work_pool_name', 'start_time', 'end_time'],
  ),
  post(
    'found as cancelling',
    '/flow_runs/filter',
    { flow_runs: { id: { any_: ['{i}', '{j}'] }, state: { type: { any_: ['CANCELLING'] } } } },
    { view: (runs: { id: string }[]) => runs.map(({ id }) => id) },
  ),
  post(
    'paused, of a deployment',
    '/deployments/{d}/create_flow_run',
    { state: pause() },
    { save: { l: 'id' }, view: fields('state_type', 'work_queue_name', 'run_count') },
  ),
  resume('resume that', 'l'),
  post(
    'cancelling, of a deployment',
    '/deployments/{d}/create_flow_run',
    { state: { type: 'CANCELLING' } },
    { save: { m: 'id' }, view: fields('state_type', 'work_queue_name') },
  ),
  set('that is cancelled', 'm', { type: 'CANCELLED' }),
];

const names: Case[] = [
  ...make,
  run('of nothing', { name: '' }, 'a', ['name', 'state_type']),
  post(
    'of nothing, of a deployment',
    '/deployments/{d}/create_flow_run',
    { name: '' },
    { view: fields('name', 'state_type') },
  ),
  post(
    'of nothing, of many',
    '/deployments/{d}/create_flow_run/bulk',
    [{ name: '' }, { name: null }],
    { view: ({ results }: { results: { status: string }[] }) => results.map((one) => one.status) },
  ),
  patch('changed to nothing', '/flow_runs/{a}', { name: '' }),
  get('has another', '/flow_runs/{a}', { view: fields('name', 'state_type') }),
  run('a blank', { name: ' ' }, 'b', ['name']),
  run('a key of nothing', { name: 'n-{tag}', idempotency_key: '' }, 'c', ['name', 'state_type']),
  post(
    'a deployment of no name',
    '/deployments/',
    { name: '', flow_id: '{f}' },
    { save: { e: 'id' }, view: fields('name') },
  ),
  post(
    'the deployment of no name again',
    '/deployments/',
    { name: '', flow_id: '{f}', version: 'v2' },
    { view: fields('name', 'version') },
  ),
  post(
    'found by no name',
    '/deployments/filter',
    { deployments: { name: { any_: [''] } }, flows: { id: { any_: ['{f}'] } } },
    { view: (all: { name: string }[]) => all.map(({ name }) => name) },
  ),
  post(
    'a run of it',
    '/deployments/{e}/create_flow_run',
    {},
    { view: fields('state_type', 'deployment_id') },
  ),
];

export const HOW_RUNS_BEGIN: Scenario[] = [
  { area: 'how-runs-begin', name: 'runs with a deployment', cases: ofDeployments },
  { area: 'how-runs-begin', name: 'first states', cases: firstStates },
  { area: 'how-runs-begin', name: 'names of nothing', cases: names },
];
