import { type Case, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';
import { outcome } from './set-state-pairs.ts';

const make = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
  post(
    'a deployment',
    '/deployments/',
    { name: 'd', flow_id: '{flow}', work_pool_name: 'p-{tag}' },
    { save: { d: 'id' } },
  ),
);
const fresh = (name: string, body: object = {}): Case[] =>
  prepare(post(`run: ${name}`, '/deployments/{d}/create_flow_run', body, { save: { run: 'id' } }));
const worker = (name: string) => ({ headers: { 'x-prefect-worker-name': `${name} {tag}` } });
const set = (
  name: string,
  state: object,
  more: { force?: boolean; as?: string; whole?: true } = {},
): Case =>
  post(
    name,
    '/flow_runs/{run}/set_state',
    { state, ...(more.force === undefined ? {} : { force: more.force }) },
    {
      ...(more.as ? worker(more.as) : {}),
      ...(more.whole ? {} : { view: outcome }),
    },
  );
const stage = (...cases: Case[]) => prepare(...cases);
const run = (name: string, ...keys: string[]): Case =>
  get(name, '/flow_runs/{run}', keys.length > 0 ? { view: fields(...keys) } : {});

const journey: Case[] = [
  ...make,
  ...fresh('one'),
  set(
    'claim, as the worker does',
    {
      type: 'PENDING',
      name: 'Pending',
      message: null,
      data: null,
      state_details: {
        flow_run_id: '{run}',
        transition_id: '{uuid:t1}',
        scheduled_time: null,
        cache_key: null,
      },
    },
    { force: false, as: 'a', whole: true },
  ),
  set(
    'claim again with the same transition',
    { type: 'PENDING', name: 'Pending', state_details: { transition_id: '{uuid:t1}' } },
    { as: 'a', whole: true },
  ),
  set(
    'claim again with another',
    { type: 'PENDING', name: 'Pending', state_details: { transition_id: '{uuid:t2}' } },
    { as: 'a' },
  ),
  set(
    'claim by another worker',
    { type: 'PENDING', state_details: { transition_id: '{uuid:t3}' } },
    { as: 'b', whole: true },
  ),
  set('submitting', { type: 'PENDING', name: 'Submitting' }, { as: 'a', whole: true }),
  set('back to pending', { type: 'PENDING', name: 'Pending' }, { as: 'a' }),
  set(
    'running',
    { type: 'RUNNING', name: 'Running', state_details: { transition_id: '{uuid:t4}' } },
    { as: 'a', whole: true },
  ),
  run('is running'),
  set(
    'running again with the same transition',
    { type: 'RUNNING', state_details: { transition_id: '{uuid:t4}' } },
    { as: 'a' },
  ),
  run('ran once', 'run_count', 'state_type'),
  set(
    'running again with another',
    { type: 'RUNNING', state_details: { transition_id: '{uuid:t5}' } },
    { as: 'a' },
  ),
  set(
    'an old transition again',
    { type: 'PENDING', state_details: { transition_id: '{uuid:t1}' } },
    { as: 'a' },
  ),
  set(
    'completed',
    {
      type: 'COMPLETED',
      name: 'Completed',
      message: 'done',
      data: { storage_key: 'k', type: 'x' },
      state_details: { transition_id: '{uuid:t6}' },
    },
    { as: 'a', whole: true },
  ),
  set(
    'completed again with the same transition',
    { type: 'COMPLETED', state_details: { transition_id: '{uuid:t6}' } },
    { as: 'a' },
  ),
  run('is completed'),
  get('its states', '/flow_run_states/?flow_run_id={run}'),
  get('the states of one that is not there', '/flow_run_states/?flow_run_id={uuid:no}'),
  get('states without a run', '/flow_run_states/'),
  get('a state that is not there', '/flow_run_states/{uuid:no}'),
];

const rules: Case[] = [
  ...make,
  ...fresh('wait', {
    state: { type: 'SCHEDULED', state_details: { scheduled_time: '{now+3600}' } },
  }),
  set('RUNNING an hour early', { type: 'RUNNING' }, { whole: true }),
  set('PENDING an hour early', { type: 'PENDING' }, { as: 'a', whole: true }),
  set('RUNNING an hour early, claimed', { type: 'RUNNING' }, { as: 'a' }),
  ...fresh('retry', { empirical_policy: { retries: 1, retry_delay: 60 } }),
  ...stage(set('it runs', { type: 'RUNNING' })),
  set(
    'FAILED with a retry left',
    { type: 'FAILED', message: 'oh', data: { a: 1 } },
    { whole: true },
  ),
  run(
    'waits for its retry',
    'state_type',
    'state_name',
    'run_count',
    'empirical_policy',
    'next_scheduled_start_time',
  ),
  set('RUNNING before the retry', { type: 'RUNNING' }),
  ...fresh('retry at once', { empirical_policy: { retries: 1, retry_delay: 0 } }),
  ...stage(set('it runs, too', { type: 'RUNNING' })),
  set('FAILED with a retry at once', { type: 'FAILED' }),
  set('RUNNING again', { type: 'RUNNING', name: 'Retrying' }),
  set('FAILED without a retry left', { type: 'FAILED' }),
  run('has failed', 'state_type', 'run_count', 'empirical_policy'),
  ...fresh('late'),
  set('Late', { type: 'SCHEDULED', name: 'Late' }),
  set('Late again', { type: 'SCHEDULED', name: 'Late' }),
  ...stage(set('claim the late one', { type: 'PENDING' })),
  set('Late when claimed', { type: 'SCHEDULED', name: 'Late' }),
  ...fresh('cancel with infrastructure'),
  ...stage(patch('a process id', '/flow_runs/{run}', { infrastructure_pid: '1' })),
  set('CANCELLING with infrastructure', { type: 'CANCELLING' }),
  set('CANCELLED', { type: 'CANCELLED' }),
  ...fresh('cancel without infrastructure'),
  set(
    'CANCELLING without infrastructure',
    { type: 'CANCELLING', message: 'stop' },
    { whole: true },
  ),
  ...fresh('persisted'),
  ...stage(
    set('runs', { type: 'RUNNING' }),
    set('ends with a result', { type: 'COMPLETED', data: { type: 'reference' } }),
  ),
  set('RUNNING after a result', { type: 'RUNNING' }),
  set('COMPLETED without the result', { type: 'COMPLETED' }),
  set('COMPLETED without the result, forced', { type: 'COMPLETED' }, { force: true }),
  set('SCHEDULED after a result', { type: 'SCHEDULED' }),
  set(
    'SCHEDULED after a result, forced as the CLI does',
    { type: 'SCHEDULED', name: 'Scheduled', message: 'Retried via CLI' },
    { force: true },
  ),
  run(
    'is retried',
    'state_type',
    'state_name',
    'end_time',
    'start_time',
    'run_count',
    'empirical_policy',
  ),
  ...fresh('unpersisted'),
  ...stage(
    set('it runs also', { type: 'RUNNING' }),
    set('ends', { type: 'COMPLETED', data: { type: 'unpersisted' } }),
  ),
  set('SCHEDULED after no result', { type: 'SCHEDULED' }),
  run('its retry', 'state_type', 'empirical_policy'),
  ...fresh('pause keys'),
  ...stage(set('it runs to pause', { type: 'RUNNING' })),
  set('PAUSED with a key', {
    type: 'PAUSED',
    state_details: { pause_key: 'k', pause_timeout: '{now+600}' },
  }),
  set('RUNNING after the pause', { type: 'RUNNING' }),
  run('counted once', 'run_count', 'empirical_policy'),
  set('PAUSED with the same key', {
    type: 'PAUSED',
    state_details: { pause_key: 'k', pause_timeout: '{now+600}' },
  }),
];

const heartbeat = (name: string): Case =>
  post(`${name} lives`, '/work_pools/p-{tag}/workers/heartbeat', { name: `${name} {tag}` });

const workers: Case[] = [
  ...make,
  ...prepare(heartbeat('a'), heartbeat('b')),
  ...fresh('of two workers'),
  set('a claims', { type: 'PENDING' }, { as: 'a' }),
  set('b claims', { type: 'PENDING' }, { as: 'b' }),
  set('b submits', { type: 'PENDING', name: 'Submitting' }, { as: 'b' }),
  set('a submits', { type: 'PENDING', name: 'Submitting' }, { as: 'a' }),
  set('b starts it', { type: 'RUNNING' }, { as: 'b' }),
  set('a starts it', { type: 'RUNNING' }, { as: 'a' }),
  set('b starts what a runs', { type: 'RUNNING' }, { as: 'b' }),
  set('a starts it again', { type: 'RUNNING' }, { as: 'a' }),
  set('b cancels it with force', { type: 'CANCELLED' }, { as: 'b', force: true }),
  run('it runs', 'state_type', 'run_count'),
  set('a ends it', { type: 'COMPLETED' }, { as: 'a' }),
  set('b starts it after its end', { type: 'RUNNING' }, { as: 'b' }),
  set('a starts it after its end', { type: 'RUNNING' }, { as: 'a' }),
  set('a crashes', { type: 'CRASHED' }, { as: 'a' }),
  set('a user reschedules it', { type: 'SCHEDULED' }, { force: true }),
  set('b claims it', { type: 'PENDING' }, { as: 'b' }),
  set('a user cancels it', { type: 'CANCELLING' }),
  set('b has cancelled it', { type: 'CANCELLED' }, { as: 'b', force: true }),
];

const late: Case[] = [
  ...make,
  ...fresh('a minute late', {
    state: { type: 'SCHEDULED', state_details: { scheduled_time: '{now-60}' } },
  }),
  run('its state', 'state_type', 'state_name', 'next_scheduled_start_time'),
  set('claim', { type: 'PENDING' }, { as: 'a' }),
  run('when claimed', 'state_type', 'state_name'),
];

const bodies: Case[] = [
  ...make,
  ...fresh('bodies'),
  set('a state that there is not', { type: 'ASLEEP' }),
  set('a state without a type', { name: 'Running' }),
  set('an unknown key', { type: 'RUNNING', colour: 'red' }),
  set('an unknown key of the details', { type: 'RUNNING', state_details: { colour: 'red' } }),
  post('no state', '/flow_runs/{run}/set_state', {}),
  post('no body', '/flow_runs/{run}/set_state'),
  post(
    'an unknown key on top',
    '/flow_runs/{run}/set_state',
    { state: { type: 'PENDING' }, colour: 'red' },
    { view: outcome },
  ),
  post(
    'force null',
    '/flow_runs/{run}/set_state',
    { state: { type: 'RUNNING' }, force: null },
    { view: outcome },
  ),
  post('of a run that is not there', '/flow_runs/{uuid:no}/set_state', {
    state: { type: 'RUNNING' },
  }),
  set('a timestamp', { type: 'RUNNING', timestamp: '2020-01-01T00:00:00Z' }),
  set('an id', { type: 'RUNNING', id: '{uuid:s}' }),
  set('a name of null', { type: 'RUNNING', name: null }),
  set('an empty name', { type: 'RUNNING', name: '' }),
  set('a long name', { type: 'RUNNING', name: '{long:300}' }),
  set('a lower case type', { type: 'running' }),
  set(
    'all details',
    {
      type: 'RUNNING',
      name: 'All',
      message: 'm',
      state_details: {
        scheduled_time: '2030-01-01T00:00:00Z',
        cache_key: 'k',
        cache_expiration: '2031-01-01T01:00:00.5+01:00',
        deferred: true,
        untrackable_result: true,
        pause_timeout: '{now+60}',
        pause_reschedule: true,
        pause_key: 'p',
        run_input_keyset: { a: 'b' },
        refresh_cache: true,
        retriable: false,
        task_parameters_id: '{uuid:p}',
        traceparent: '00-a',
      },
    },
    { force: true, whole: true },
  ),
  set(
    'another flow run id',
    { type: 'RUNNING', state_details: { flow_run_id: '{uuid:other}' } },
    { whole: true },
  ),
];

export const SET_STATE: Scenario[] = [
  { area: 'set-state', name: 'the states of a run', cases: journey },
  { area: 'set-state', name: 'rules about states', cases: rules },
  { area: 'set-state', name: 'claims of workers', cases: workers },
  { area: 'set-state', name: 'late runs', cases: late },
  { area: 'set-state', name: 'proposals', cases: bodies },
];
