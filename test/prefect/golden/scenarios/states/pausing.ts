import { type Case, fields, get, post, prepare, type Scenario } from '../../case.ts';

const make: Case[] = prepare(
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { f: 'id' } }),
  post(
    'a deployment',
    '/deployments/',
    { name: 'd', flow_id: '{f}', work_pool_name: 'p-{tag}' },
    { save: { d: 'id' } },
  ),
);

const told = (body: {
  status: string;
  state: { type: string; name: string } | null;
  details: { type: string };
}) => ({
  status: body.status,
  state: body.state && { type: body.state.type, name: body.state.name },
  details: body.details.type,
});

const set = (name: string, run: string, state: object, force = false): Case =>
  post(name, `/flow_runs/{${run}}/set_state`, { state, force }, { view: told });
const resume = (name: string, run: string, body?: unknown): Case =>
  post(name, `/flow_runs/{${run}}/resume`, body, { view: told });
const look = (name: string, run: string): Case =>
  get(name, `/flow_runs/{${run}}`, {
    view: fields('state_type', 'state_name', 'run_count', 'empirical_policy', 'end_time'),
  });

const runs = (run: string): Case[] =>
  prepare(
    post(`make ${run}`, '/deployments/{d}/create_flow_run', {}, { save: { [run]: 'id' } }),
    set(`${run} is claimed`, run, { type: 'PENDING' }),
    set(`${run} runs`, run, { type: 'RUNNING' }),
  );

const until = '{now+600}';
const pause = (more: object = {}) => ({
  type: 'PAUSED',
  state_details: { pause_key: 'k', pause_timeout: until, ...more },
});
const suspend = (more: object = {}) => ({
  ...pause({ pause_reschedule: true, ...more }),
  name: 'Suspended',
});

const pausing: Case[] = [
  ...make,
  ...runs('a'),
  set('pause', 'a', pause()),
  look('paused', 'a'),
  resume('resume', 'a', { run_input: null }),
  look('resumed', 'a'),
  set('the same key again', 'a', pause()),
  set('another key', 'a', pause({ pause_key: 'l' })),
  resume('resume without a body', 'a'),
  look('two keys', 'a'),
  set('it ends', 'a', { type: 'COMPLETED' }),
  resume('resume what ended', 'a', {}),
  set('once more', 'a', { type: 'SCHEDULED' }),
  look('keys of another life', 'a'),
  resume('resume what waits', 'a', {}),
  resume('resume a run that nobody has', 'uuid:no', {}),
  ...runs('s'),
  set('suspend', 's', suspend()),
  look('suspended', 's'),
  set('PENDING while suspended', 's', { type: 'PENDING' }),
  set('PAUSED while suspended', 's', pause({ pause_key: 'z' })),
  resume('resume what is suspended', 's', { run_input: null }),
  look('resuming', 's'),
  set('claim it', 's', { type: 'PENDING' }),
  look('claimed, resuming', 's'),
  set('start it', 's', { type: 'RUNNING' }),
  look('it is the same run', 's'),
  set('suspend with the same key', 's', suspend()),
  set('suspend with another', 's', suspend({ pause_key: 'l' })),
  set('cancel while suspended', 's', { type: 'CANCELLING' }),
  look('cancelled', 's'),
];

const ends: Case[] = [
  ...make,
  ...runs('a'),
  ...prepare(set('pause a until now', 'a', pause({ pause_timeout: '{now-1}' }))),
  resume('resume too late', 'a', {}),
  look('failed', 'a'),
  ...runs('b'),
  ...prepare(set('pause b until now', 'b', pause({ pause_timeout: '{now-1}' }))),
  set('COMPLETED too late', 'b', { type: 'COMPLETED' }),
  ...runs('c'),
  ...prepare(set('suspend c until now', 'c', suspend({ pause_timeout: '{now-1}' }))),
  set('SCHEDULED too late', 'c', { type: 'SCHEDULED' }),
  ...runs('d2'),
  ...prepare(set('pause d until now', 'd2', pause({ pause_timeout: '{now-1}' }))),
  set('RUNNING too late, with force', 'd2', { type: 'RUNNING' }, true),
  ...['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'SCHEDULED', 'CANCELLING'].flatMap((type) => [
    ...runs(`to_${type}`),
    ...prepare(set(`pause, then ${type}`, `to_${type}`, pause())),
    set(`${type} while paused`, `to_${type}`, { type }),
    look(`${type} afterwards`, `to_${type}`),
  ]),
  ...prepare(
    post(
      'by hand',
      '/flow_runs/',
      { flow_id: '{f}', state: { type: 'RUNNING' } },
      { save: { h: 'id' } },
    ),
  ),
  set('suspend a run by hand', 'h', suspend()),
  set('pause a run by hand', 'h', pause()),
  resume('resume a run by hand', 'h', {}),
];

const KEYSET = { schema: 'q-schema', response: 'q-response', description: 'q-description' };
const input = (name: string, run: string, key: string, value: string): Case =>
  post(name, `/flow_runs/{${run}}/input`, { key, value });
const asks = (run: string, schema?: string): Case[] => [
  ...runs(run),
  ...prepare(
    set(`${run} waits`, run, pause({ run_input_keyset: KEYSET })),
    ...(schema === undefined ? [] : [input(`${run} asks`, run, 'q-schema', schema)]),
  ),
];
const SCHEMA = JSON.stringify({
  type: 'object',
  properties: { n: { type: 'integer' }, s: { type: 'string', default: 'x' } },
  required: ['n'],
});

const inputs: Case[] = [
  ...make,
  ...asks('a', SCHEMA),
  resume('without what it asks for', 'a', { run_input: {} }),
  resume('with null', 'a', { run_input: null }),
  resume('with what does not fit', 'a', { run_input: { n: 'seven' } }),
  resume('with a list', 'a', { run_input: [1] }),
  resume('with what it asks for', 'a', { run_input: { n: 7 } }),
  get('what was sent', '/flow_runs/{a}/input/q-response'),
  ...asks('b'),
  resume('without a schema', 'b', { run_input: { n: 7 } }),
  ...asks('c', '{'),
  resume('a schema that is no JSON', 'c', { run_input: { n: 7 } }),
  ...asks('e', SCHEMA),
  resume('a template', 'e', { run_input: { n: { __prefect_kind: 'json', value: '7' } } }),
  get('what the template said', '/flow_runs/{e}/input/q-response'),
  ...asks('g', SCHEMA),
  resume('an unknown key', 'g', { run_input: { n: 7 }, colour: 'red' }),
  ...runs('h'),
  ...prepare(
    input('h was answered once', 'h', 'q-response', '{"n":1}'),
    input('h has another input', 'h', 'r-response', '{"n":2}'),
    set('h waits', 'h', pause({ run_input_keyset: KEYSET })),
  ),
  get('what was stale', '/flow_runs/{h}/input/q-response'),
  get('what belongs to another pause', '/flow_runs/{h}/input/r-response'),
  ...prepare(
    input('h asks', 'h', 'q-schema', SCHEMA),
    resume('h is answered', 'h', { run_input: { n: 3 } }),
    set('h passes the same pause again', 'h', pause({ run_input_keyset: KEYSET })),
  ),
  get('the answer stays', '/flow_runs/{h}/input/q-response'),
  ...runs('i'),
  ...prepare(
    input('i was answered once', 'i', 'q-response', '{"n":1}'),
    set('i suspends', 'i', suspend({ run_input_keyset: KEYSET })),
  ),
  get('what was stale at a suspension', '/flow_runs/{i}/input/q-response'),
];

export const PAUSING: readonly Scenario[] = [
  { area: 'pausing', name: 'pauses', cases: pausing },
  { area: 'pausing', name: 'how pauses end', cases: ends },
  { area: 'pausing', name: 'inputs of paused runs', cases: inputs },
];
