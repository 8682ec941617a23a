import { type Case, del, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';
import { SCHEMA, TEMPLATE } from '../bodies.ts';

const make = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
  post(
    'a pool',
    '/work_pools/',
    { name: 'p-{tag}', type: 'process', base_job_template: TEMPLATE },
    {
      save: { pool: 'id', defaultQueue: 'default_queue_id' },
    },
  ),
);
const create = (name: string, body: object, view?: readonly string[]): Case =>
  post(
    name,
    '/deployments/',
    { flow_id: '{flow}', ...body },
    view ? { view: fields(...view) } : {},
  );

const creates: Case[] = [
  ...make,
  post(
    'with the least',
    '/deployments/',
    { name: 'least', flow_id: '{flow}' },
    { save: { least: 'id' } },
  ),
  post(
    'as the client does',
    '/deployments/',
    {
      name: 'client',
      flow_id: '{flow}',
      paused: false,
      schedules: [],
      concurrency_limit: null,
      concurrency_options: null,
      parameters: {},
      tags: ['a', 'b'],
      labels: {},
      pull_steps: null,
      work_queue_name: null,
      work_pool_name: 'p-{tag}',
      storage_document_id: null,
      infrastructure_document_id: null,
      parameter_openapi_schema: SCHEMA,
      path: '/srv',
      version: 'v1',
      version_info: { type: 'prefect:simple', version: 'v1' },
      entrypoint: 'flows.py:f',
      job_variables: {},
      description: 'of {tag}',
      enforce_parameter_schema: true,
    },
    { save: { client: 'id' } },
  ),
  get('read', '/deployments/{client}'),
  get('by name', '/deployments/name/f-{tag}/client'),
  get('read an id that nobody has', '/deployments/{uuid:no}'),
  get('by a name that nobody has', '/deployments/name/f-{tag}/no'),
  get('by the name of a flow that nobody has', '/deployments/name/no-{tag}/client'),
  create('create again: it is overwritten', { name: 'client', description: 'second', tags: ['c'] }),
  create(
    'a queue of the pool',
    { name: 'queue', work_pool_name: 'p-{tag}', work_queue_name: 'new' },
    ['work_pool_name', 'work_queue_name'],
  ),
  get('the queue was created', '/work_pools/p-{tag}/queues/new', {
    view: fields('name', 'priority'),
  }),
  create(
    'the default queue by name',
    { name: 'dq', work_pool_name: 'p-{tag}', work_queue_name: 'default' },
    ['work_queue_name', 'work_queue_id'],
  ),
  create('a pool that is not there', { name: 'x', work_pool_name: 'no-{tag}' }),
  post('a flow that is not there', '/deployments/', { name: 'x', flow_id: '{uuid:no}' }),
  post('without a flow', '/deployments/', { name: 'x' }),
  create('without a name', {}),
  create('with an empty name', { name: '' }),
  create('with a slash in the name', { name: 'a/b' }),
  create('with an unknown key', { name: 'x', colour: 'red' }),
  create(
    'with keys that are dropped',
    { name: 'old', worker_pool_queue_id: null, worker_pool_name: null, work_pool_queue_name: null },
    ['name'],
  ),
  create('with keys of Prefect 2.20', {
    name: 'older',
    infra_overrides: {},
    manifest_path: null,
    schedule: null,
  }),
  create('paused', { name: 'paused', paused: true }, ['paused', 'status']),
  create('with labels', { name: 'labels', labels: { a: 1, b: 'c' } }, ['labels']),
  create('with a storage block that is not there', { name: 'x', storage_document_id: '{uuid:no}' }),
  create('with an infrastructure block that is not there', {
    name: 'x',
    infrastructure_document_id: '{uuid:no}',
  }),
  create(
    'with pull steps',
    {
      name: 'steps',
      pull_steps: [
        { 'prefect.deployments.steps.set_working_directory': { directory: '/a', z: 1.0, a: null } },
      ],
    },
    ['pull_steps'],
  ),
  create('with one pull step', { name: 'step', pull_steps: { a: { b: 1 } } }, ['pull_steps']),
  ...['two words', 'a#b', 'a?b', 'größe 🚀', 'a+b'].flatMap((name) => [
    create(`create ${name}`, { name }, ['name']),
    get(`by name ${name}`, `/deployments/name/f-{tag}/${encodeURIComponent(name)}`, {
      view: fields('name'),
    }),
  ]),
];

const PARAMETERS: readonly (readonly [string, object])[] = [
  ['parameters that fit', { x: 1 }],
  ['parameters that are incomplete', {}],
  ['parameters of the wrong type', { x: 'one' }],
  ['a parameter of null', { x: null }],
  ['an unknown parameter', { x: 1, z: 1 }],
  ['a template as a parameter', { x: { __prefect_kind: 'json', value: '1' } }],
];

const validation: Case[] = [
  ...make,
  ...PARAMETERS.flatMap(([name, parameters], i) =>
    [undefined, true, false].map((enforce_parameter_schema) =>
      create(
        `${name}${enforce_parameter_schema === undefined ? '' : `, enforced: ${enforce_parameter_schema}`}`,
        {
          name: `${i} ${enforce_parameter_schema}`,
          parameters,
          parameter_openapi_schema: SCHEMA,
          ...(enforce_parameter_schema === undefined ? {} : { enforce_parameter_schema }),
        },
        ['parameters', 'enforce_parameter_schema'],
      ),
    ),
  ),
  create('a schema that is none', {
    name: 'g',
    parameters: { x: 1 },
    parameter_openapi_schema: { type: 'colour' },
    enforce_parameter_schema: true,
  }),
  create(
    'job variables that fit',
    { name: 'j', work_pool_name: 'p-{tag}', job_variables: { retries: 1 } },
    ['job_variables'],
  ),
  create('job variables that do not fit', {
    name: 'k',
    work_pool_name: 'p-{tag}',
    job_variables: { retries: 'many' },
  }),
  create(
    'unknown job variables',
    { name: 'l', work_pool_name: 'p-{tag}', job_variables: { colour: 'red' } },
    ['job_variables'],
  ),
  create('job variables without a pool', { name: 'm', job_variables: { retries: 'many' } }, [
    'job_variables',
  ]),
  create('a limit of 0', { name: 'n', concurrency_limit: 0 }),
  create('a grace period too short', {
    name: 'o',
    concurrency_limit: 1,
    concurrency_options: { collision_strategy: 'ENQUEUE', grace_period_seconds: 5 },
  }),
  create('a strategy that there is not', {
    name: 'q',
    concurrency_limit: 1,
    concurrency_options: { collision_strategy: 'WAIT' },
  }),
  create('a global limit that is not there', {
    name: 'r',
    global_concurrency_limit_id: '{uuid:no}',
  }),
  create('both forms of limit', {
    name: 's',
    concurrency_limit: 1,
    global_concurrency_limit_id: '{uuid:no}',
  }),
  post('numbers and order', '/deployments/', undefined, {
    raw: '{"name":"t","flow_id":"{flow}","parameters":{"z":1.0,"a":12345678901234567890,"n":-0.0,"s":"\\u00e9"},"job_variables":{"b":1,"a":2.5}}',
    view: fields('parameters', 'job_variables'),
  }),
];

const changes: Case[] = [
  ...make,
  ...prepare(
    post(
      'make',
      '/deployments/',
      {
        name: 'd',
        flow_id: '{flow}',
        work_pool_name: 'p-{tag}',
        parameters: { x: 1 },
        parameter_openapi_schema: SCHEMA,
        tags: ['a'],
        version: 'v1',
        description: 'first',
      },
      { save: { d: 'id' } },
    ),
    post('a run', '/deployments/{d}/create_flow_run', {}, { save: { run: 'id' } }),
    post('a running one', '/deployments/{d}/create_flow_run', {}, { save: { running: 'id' } }),
    post('it runs', '/flow_runs/{running}/set_state', { state: { type: 'RUNNING' } }),
  ),
  patch('nothing', '/deployments/{d}', {}),
  get('after nothing', '/deployments/{d}'),
  patch('description and tags', '/deployments/{d}', { description: 'second', tags: ['b', 'c'] }),
  get('has them', '/deployments/{d}', {
    view: fields('description', 'tags', 'version', 'parameters'),
  }),
  patch('description to null', '/deployments/{d}', { description: null }),
  get('has none', '/deployments/{d}', { view: fields('description') }),
  patch('paused', '/deployments/{d}', { paused: true }),
  get('is paused', '/deployments/{d}', { view: fields('paused', 'status') }),
  patch('not paused', '/deployments/{d}', { paused: false }),
  post('pause by route', '/deployments/{d}/pause_deployment'),
  get('is paused by route', '/deployments/{d}', { view: fields('paused') }),
  post('resume by route', '/deployments/{d}/resume_deployment'),
  get('is resumed by route', '/deployments/{d}', { view: fields('paused') }),
  post('pause one that is not there', '/deployments/{uuid:no}/pause_deployment'),
  patch('parameters', '/deployments/{d}', { parameters: { x: 2 } }),
  get('has the parameters', '/deployments/{d}', { view: fields('parameters') }),
  patch('parameters that are incomplete', '/deployments/{d}', { parameters: { y: 'z' } }),
  patch('parameters of the wrong type', '/deployments/{d}', { parameters: { x: 'one' } }),
  patch('job variables', '/deployments/{d}', { job_variables: { retries: 2 } }),
  patch('job variables that do not fit', '/deployments/{d}', {
    job_variables: { retries: 'many' },
  }),
  patch('a queue', '/deployments/{d}', { work_queue_name: 'second' }),
  get('has the queue', '/deployments/{d}', {
    view: fields('work_queue_name', 'work_pool_name', 'job_variables'),
  }),
  get('the run stays in its queue', '/flow_runs/{run}', {
    view: fields('work_queue_name', 'work_pool_name'),
  }),
  patch('a pool that is not there', '/deployments/{d}', { work_pool_name: 'no-{tag}' }),
  patch('entrypoint, path, version', '/deployments/{d}', {
    entrypoint: 'a.py:f',
    path: '/b',
    version: 'v2',
  }),
  get('has entrypoint, path, version', '/deployments/{d}', {
    view: fields('entrypoint', 'path', 'version'),
  }),
  patch('as the client does', '/deployments/{d}', {
    version: 'v3',
    version_info: { type: 'prefect:simple', version: 'v3' },
    description: null,
    parameters: {},
    paused: false,
    schedules: [],
    concurrency_limit: null,
    concurrency_options: null,
    tags: [],
    work_pool_name: 'p-{tag}',
    entrypoint: 'b.py:f',
    parameter_openapi_schema: SCHEMA,
    enforce_parameter_schema: true,
    job_variables: {},
    pull_steps: [],
  }),
  get('after the client', '/deployments/{d}'),
  patch('the name', '/deployments/{d}', { name: 'other' }),
  patch('an unknown key', '/deployments/{d}', { colour: 'red' }),
  patch('a limit', '/deployments/{d}', { concurrency_limit: 2 }),
  get('has the limit', '/deployments/{d}', {
    view: fields('concurrency_limit', 'global_concurrency_limit', 'concurrency_options'),
  }),
  patch('no limit', '/deployments/{d}', { concurrency_limit: null }),
  get('has no limit', '/deployments/{d}', {
    view: fields('concurrency_limit', 'global_concurrency_limit'),
  }),
  patch('one that is not there', '/deployments/{uuid:no}', { description: 'x' }),
  del('delete', '/deployments/{d}'),
  del('delete again', '/deployments/{d}'),
  get('read the deleted', '/deployments/{d}'),
  get('by name', '/deployments/name/f-{tag}/d'),
  get('its scheduled run', '/flow_runs/{run}'),
  get('its running run lives on', '/flow_runs/{running}', {
    view: fields('deployment_id', 'state_type', 'work_queue_name'),
  }),
  post('a run of the deleted', '/deployments/{d}/create_flow_run', {}),
];

export const DEPLOYMENTS: Scenario[] = [
  { area: 'deployments', name: 'deployments', cases: creates },
  { area: 'deployments', name: 'what a deployment may have', cases: validation },
  { area: 'deployments', name: 'changing and deleting a deployment', cases: changes },
];
