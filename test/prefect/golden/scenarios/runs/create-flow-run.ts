import { type Case, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';
import { SCHEMA, TEMPLATE } from '../bodies.ts';

const run = (name: string, body: unknown, view?: readonly string[], deployment = 'd'): Case =>
  post(
    name,
    `/deployments/{${deployment}}/create_flow_run`,
    body,
    view ? { view: fields(...view) } : {},
  );

const make = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process', base_job_template: TEMPLATE }),
  post(
    'a deployment',
    '/deployments/',
    {
      name: 'd',
      flow_id: '{flow}',
      work_pool_name: 'p-{tag}',
      version: 'v1',
      tags: ['b', 'a'],
      labels: { of: 'deployment' },
      parameters: { x: 1 },
      parameter_openapi_schema: SCHEMA,
      job_variables: { retries: 1 },
    },
    { save: { d: 'id' } },
  ),
  post(
    'one without a pool',
    '/deployments/',
    { name: 'e', flow_id: '{flow}' },
    { save: { e: 'id' } },
  ),
);

const cases: Case[] = [
  ...make,
  run('an empty body', {}),
  post('no body', '/deployments/{d}/create_flow_run'),
  run('as the client does', {
    state: {
      type: 'SCHEDULED',
      name: 'Scheduled',
      message: null,
      state_details: { scheduled_time: '{now+60}' },
      data: null,
    },
    name: null,
    parameters: {},
    enforce_parameter_schema: true,
    context: {},
    empirical_policy: {
      retries: null,
      retry_delay: null,
      pause_keys: [],
      resuming: false,
      retry_type: null,
    },
    tags: [],
    idempotency_key: null,
    labels: {},
    parent_task_run_id: null,
    work_queue_name: null,
    job_variables: {},
  }),
  run('with a name and tags', { name: 'r-{tag}', tags: ['c', 'a'] }, [
    'name',
    'tags',
    'state_type',
  ]),
  run('with parameters', { parameters: { x: 2, y: 'c' } }, ['parameters']),
  run('with parameters that overlay', { parameters: { y: 'c' } }, ['parameters']),
  run('with parameters of the wrong type', { parameters: { x: 'one' } }),
  run(
    'with parameters of the wrong type, not enforced',
    { parameters: { x: 'one' }, enforce_parameter_schema: false },
    ['parameters'],
  ),
  run('with an unknown parameter', { parameters: { z: 1 } }, ['parameters']),
  run('with a template that is none', {
    parameters: { x: { __prefect_kind: 'json', value: '{' } },
  }),
  run('with a template of JSON', { parameters: { x: { __prefect_kind: 'json', value: '3' } } }, [
    'parameters',
  ]),
  run('with job variables', { job_variables: { env: { A: 'b' } } }, ['job_variables']),
  run('with job variables that do not fit', { job_variables: { retries: 'many' } }),
  run('with a queue', { work_queue_name: 'new' }, ['work_queue_name', 'work_pool_name']),
  get('the queue was created', '/work_pools/p-{tag}/queues/new', { view: fields('name') }),
  run('with labels', { labels: { of: 'run', n: 1 } }, ['labels']),
  run('with a context', { context: { a: [1] } }, ['context']),
  run('with retries', { empirical_policy: { retries: 2, retry_delay: 1 } }, ['empirical_policy']),
  run('with half a second between retries', { empirical_policy: { retries: 2, retry_delay: 1.5 } }),
  run('with retry delays', { empirical_policy: { retries: 2, retry_delay: [1, 2] } }, [
    'empirical_policy',
  ]),
  run('with a state of PENDING', { state: { type: 'PENDING' } }, [
    'state_type',
    'state_name',
    'next_scheduled_start_time',
    'run_count',
  ]),
  run(
    'with a state of another name',
    { state: { type: 'SCHEDULED', name: 'Soon', message: 'wait' } },
    ['state_type', 'state_name'],
  ),
  run('with a state that there is not', { state: { type: 'SLEEPING' } }),
  run('with an unknown key', { colour: 'red' }),
  run('with a block that is not there', { infrastructure_document_id: '{uuid:no}' }, [
    'infrastructure_document_id',
  ]),
  post('of a deployment that is not there', '/deployments/{uuid:no}/create_flow_run', {}),
  run(
    'without a pool',
    {},
    ['work_queue_name', 'work_pool_name', 'work_queue_id', 'state_type'],
    'e',
  ),
  run('without a pool, with a queue', { work_queue_name: 'q' }, undefined, 'e'),
  ...prepare(patch('pause the deployment', '/deployments/{d}', { paused: true })),
  run('of a paused deployment', {}, ['state_type']),
];

const KEY = 'deployments/{d}/create_flow_run';
const id = (name: string, body: unknown, save = 'run'): Case =>
  post(name, `/${KEY}`, body, {
    save: { [save]: 'id' },
    view: fields('id', 'name', 'parameters', 'state_type'),
  });

const idempotent: Case[] = [
  ...make,
  id('with a key', { idempotency_key: 'k', name: 'one-{tag}' }),
  id('again', { idempotency_key: 'k', name: 'one-{tag}' }, 'second'),
  id(
    'again with another body',
    { idempotency_key: 'k', name: 'two-{tag}', parameters: { x: 5 } },
    'third',
  ),
  post(
    'again, directly',
    '/flow_runs/',
    { flow_id: '{flow}', idempotency_key: 'k' },
    { view: fields('id', 'name') },
  ),
  post(
    'again by another deployment of the flow',
    '/deployments/{e}/create_flow_run',
    { idempotency_key: 'k' },
    { view: fields('id') },
  ),
  id('another key', { idempotency_key: 'K', name: 'three-{tag}' }, 'fourth'),
  id(
    'an odd key',
    { idempotency_key: 'scheduled ü/#? 2030-01-01 00:00:00+00:00', name: 'four-{tag}' },
    'fifth',
  ),
  id('an empty key', { idempotency_key: '', name: 'five-{tag}' }, 'sixth'),
  id('no key', { name: 'six-{tag}' }, 'seventh'),
  id('no key again', { name: 'six-{tag}' }, 'eighth'),
  ...prepare(
    post('finish it', '/flow_runs/{run}/set_state', { state: { type: 'COMPLETED' }, force: true }),
  ),
  id('the key of a finished run', { idempotency_key: 'k' }, 'ninth'),
  get('the run has its key', '/flow_runs/{run}', { view: fields('idempotency_key', 'state_type') }),
  ...prepare({ name: 'delete it', method: 'DELETE', path: '/flow_runs/{run}' }),
  id('the key of a deleted run', { idempotency_key: 'k', name: 'new-{tag}' }, 'tenth'),
];

const NUMBERS =
  '{"parameters":{"z":1.0,"big":9223372036854775807,"a":-0.0,"deep":{"y":[1.5,{"b":1,"a":9007199254740993}]},"text":"\\u00fc \\ud83d\\ude80 </script>"},"enforce_parameter_schema":false}';
const numbers: Case[] = [
  ...make,
  post('create with numbers and order', '/deployments/{e}/create_flow_run', undefined, {
    raw: NUMBERS,
    save: { run: 'id' },
    view: fields('parameters'),
  }),
  get('read them', '/flow_runs/{run}', { view: fields('parameters') }),
  post(
    'list them',
    '/flow_runs/filter',
    { flow_runs: { id: { any_: ['{run}'] } } },
    {
      view: (body: { parameters: unknown }[]) => body.map(({ parameters }) => ({ parameters })),
    },
  ),
  post('create with numbers written otherwise', '/deployments/{e}/create_flow_run', undefined, {
    raw: '{"parameters":{"exp":1e3,"zeros":2.50}}',
    view: fields('parameters'),
  }),
  post('create with an integer of 30 digits', '/deployments/{e}/create_flow_run', undefined, {
    raw: '{"parameters":{"a":123456789012345678901234567890}}',
    save: { huge: 'id' },
    view: fields('parameters'),
  }),
  get('read it', '/flow_runs/{huge}', { view: fields('parameters') }),
  patch('change them', '/flow_runs/{run}', undefined, {
    raw: '{"parameters":{"b":2.0,"a":18446744073709551616}}',
  }),
  get('read the changed', '/flow_runs/{run}', { view: fields('parameters') }),
  post(
    '512 KiB',
    '/deployments/{e}/create_flow_run',
    { parameters: { a: '{long:524260}' } },
    { view: () => 'created' },
  ),
  post('more than 512 KiB', '/deployments/{e}/create_flow_run', {
    parameters: { a: '{long:524300}' },
  }),
  post('data of a state', '/flow_runs/{run}/set_state', undefined, {
    raw: '{"state":{"type":"RUNNING","data":{"z":1.0,"a":[9007199254740993,null,"x"]}}}',
    view: (body: { state: { data: unknown } }) => ({ data: body.state.data }),
  }),
  ...[
    ['a number', 1],
    ['a text', 'x'],
    ['false', false],
    ['a list', [1, 'a']],
  ].map(([name, data]) =>
    post(
      `data that is ${name}`,
      '/flow_runs/{run}/set_state',
      { state: { type: 'RUNNING', data } },
      {
        view: (body: { state: { data: unknown } }) => ({ data: body.state.data }),
      },
    ),
  ),
];

export const CREATE_FLOW_RUN: Scenario[] = [
  { area: 'flow-runs', name: 'runs of a deployment', cases },
  { area: 'flow-runs', name: 'idempotency keys', cases: idempotent },
  { area: 'flow-runs', name: 'numbers stay as they are', cases: numbers },
];
