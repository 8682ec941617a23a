import { type Case, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';
import { outcome } from '../states/set-state-pairs.ts';

const POOL = '/work_pools/p-{tag}';
interface Item {
  flow_run: { name: string };
}
const polled = (items: readonly Item[]) => items.map(({ flow_run }) => flow_run.name);
const poll = (name: string, body: unknown, more: Partial<Case> = {}): Case =>
  post(name, `${POOL}/get_scheduled_flow_runs`, body, { view: polled, ...more });
const at = (seconds: number) => ({
  type: 'SCHEDULED',
  state_details: { scheduled_time: `{now${seconds < 0 ? seconds : `+${seconds}`}}` },
});
const run = (name: string, queue: string, seconds: number): Case =>
  post(
    `run ${name}`,
    '/deployments/{d}/create_flow_run',
    { name, work_queue_name: queue, state: at(seconds) },
    { save: { [name]: 'id' } },
  );
const state = (name: string, id: string, type: string, view?: Case['view']): Case =>
  post(name, `/flow_runs/{${id}}/set_state`, { state: { type } }, view ? { view } : {});

const make = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }, { save: { pool: 'id' } }),
  post('queue high', `${POOL}/queues`, { name: 'high', priority: 1 }, { save: { high: 'id' } }),
  post('queue low', `${POOL}/queues`, { name: 'low', priority: 9 }, { save: { low: 'id' } }),
  post(
    'a deployment',
    '/deployments/',
    { name: 'd', flow_id: '{flow}', work_pool_name: 'p-{tag}' },
    { save: { d: 'id' } },
  ),
  run('low1', 'low', -4),
  run('low2', 'low', -2),
  run('mid1', 'default', -3),
  run('mid2', 'default', 5),
  run('high1', 'high', -1),
  run('high2', 'high', 3_600),
);

const order: Case[] = [
  ...make,
  poll('all that is due', { scheduled_before: '{now+60}' }),
  poll(
    'as the worker asks',
    { work_queue_names: [], scheduled_before: '{text+60}' },
    { headers: { 'x-prefect-worker-name': 'w {tag}' } },
  ),
  poll('with a Z', { scheduled_before: '2050-01-01T00:00:00Z' }),
  poll('with another zone', { scheduled_before: '2050-01-01T00:00:00.123456+02:00' }),
  poll('before the first', { scheduled_before: '{now-60}' }),
  poll('exactly at', { scheduled_before: '{now-3}' }),
  poll('after', { scheduled_after: '{now-2}', scheduled_before: '{now+60}' }),
  poll('after only', { scheduled_after: '{now+600}' }),
  poll('a time that is none', { scheduled_before: 'soon' }),
  poll('an empty body', {}),
  poll('no body', undefined),
  poll('nulls', {
    work_queue_names: null,
    scheduled_before: null,
    scheduled_after: null,
    limit: null,
  }),
  poll('an unknown key', { scheduled_before: '{now+60}', colour: 'red' }),
  poll('one queue', { work_queue_names: ['low'], scheduled_before: '{now+60}' }),
  poll('two queues', { work_queue_names: ['low', 'high'], scheduled_before: '{now+60}' }),
  poll('a queue that is not there', { work_queue_names: ['no'] }),
  poll('one of two queues is not there', { work_queue_names: ['low', 'no'] }),
  post('a pool that is not there', '/work_pools/no-{tag}/get_scheduled_flow_runs', {}),
  poll('limit 2', { limit: 2, scheduled_before: '{now+60}' }),
  poll('limit 0', { limit: 0, scheduled_before: '{now+60}' }),
  poll('limit 200', { limit: 200, scheduled_before: '{now+60}' }),
  poll('limit 201', { limit: 201 }),
  poll('limit below 0', { limit: -1 }),
  post('whole', `${POOL}/get_scheduled_flow_runs`, { limit: 1, scheduled_before: '{now+60}' }),
  get('the pool was polled', `${POOL}/queues/low`, {
    eventually: true,
    view: fields('last_polled', 'status'),
  }),
  get('so was the deployment', '/deployments/{d}', {
    eventually: true,
    view: fields('last_polled', 'status'),
  }),
  get('the status of the queue', '/work_queues/{low}/status', {
    eventually: true,
    view: fields('last_polled', 'late_runs_count'),
  }),
  ...prepare(state('claim high1', 'high1', 'PENDING')),
  poll('a claimed run is not there', { scheduled_before: '{now+60}' }),
  ...prepare(patch('pause low', `${POOL}/queues/low`, { is_paused: true })),
  poll('nothing of a paused queue', { scheduled_before: '{now+60}' }),
  poll('a paused queue by name', { work_queue_names: ['low'], scheduled_before: '{now+60}' }),
  ...prepare(patch('resume low', `${POOL}/queues/low`, { is_paused: false })),
  ...prepare(patch('low before high', `${POOL}/queues/low`, { priority: 1 })),
  poll('priorities have changed', { scheduled_before: '{now+60}' }),
  ...prepare(patch('pause the pool', POOL, { is_paused: true })),
  poll('nothing of a paused pool', { scheduled_before: '{now+60}' }),
  ...prepare(patch('resume the pool', POOL, { is_paused: false })),
  post(
    'give a run back',
    '/flow_runs/{high1}/set_state',
    { state: at(-1), force: true },
    { view: fields('status') },
  ),
  poll('it is there again', { scheduled_before: '{now+60}' }),
  ...prepare(
    post(
      'a retry',
      '/deployments/{d}/create_flow_run',
      { name: 'again', empirical_policy: { retries: 1, retry_delay: 0 } },
      { save: { again: 'id' } },
    ),
  ),
  ...prepare(state('it runs', 'again', 'RUNNING'), state('it fails', 'again', 'FAILED')),
  poll('a run that is retried in its process is not there', {
    work_queue_names: ['default'],
    scheduled_before: '{now+60}',
  }),
];

const limits: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process', concurrency_limit: 3 }),
    post(
      'queue high',
      `${POOL}/queues`,
      { name: 'high', priority: 1, concurrency_limit: 1 },
      { save: { high: 'id' } },
    ),
    post(
      'a deployment',
      '/deployments/',
      { name: 'd', flow_id: '{flow}', work_pool_name: 'p-{tag}' },
      { save: { d: 'id' } },
    ),
    run('h1', 'high', -9),
    run('h2', 'high', -8),
    run('m1', 'default', -7),
    run('m2', 'default', -6),
    run('m3', 'default', -5),
  ),
  poll('as many as are free', { scheduled_before: '{now+60}' }),
  ...prepare(state('claim h1', 'h1', 'PENDING')),
  poll('the queue is full', { scheduled_before: '{now+60}' }),
  get('slots of the queue', `${POOL}/queues/high`, {
    view: fields('active_slots', 'concurrency_limit'),
  }),
  get('slots of the pool', POOL, { view: fields('active_slots', 'concurrency_limit') }),
  ...prepare(
    state('claim m1', 'm1', 'PENDING'),
    state('start m1', 'm1', 'RUNNING'),
    state('claim m2', 'm2', 'PENDING'),
  ),
  poll('the pool is full', { scheduled_before: '{now+60}' }),
  get('all slots of the pool', POOL, { view: fields('active_slots') }),
  post(
    'status of the pool',
    `${POOL}/concurrency_status`,
    { limit: 10 },
    {
      view: (body: {
        queues: { queue_name: string; active_slots: number; flow_run_count: number }[];
      }) => ({
        ...body,
        queues: body.queues.map(({ queue_name, active_slots, flow_run_count }) => ({
          queue_name,
          active_slots,
          flow_run_count,
        })),
      }),
    },
  ),
  post(
    'status of the queue',
    '/work_queues/{high}/concurrency_status',
    { page: 1, limit: 5 },
    {
      view: (body: { flow_runs: { name: string }[] }) => ({
        ...body,
        flow_runs: body.flow_runs.map(({ name }) => name),
      }),
    },
  ),
  post('status, whole', `${POOL}/concurrency_status`, { page: 2, limit: 1, flow_run_limit: 0 }),
  post('status with too many runs', `${POOL}/concurrency_status`, { flow_run_limit: 201 }),
  post('status of a pool that is not there', '/work_pools/no-{tag}/concurrency_status', {}),
  post('status of a queue that is not there', '/work_queues/{uuid:no}/concurrency_status', {}),
  ...prepare(state('end h1', 'h1', 'COMPLETED')),
  get('a slot is free', POOL, { view: fields('active_slots') }),
  ...prepare(patch('limit 0', POOL, { concurrency_limit: 0 })),
  poll('nothing with a limit of 0', { scheduled_before: '{now+60}' }),
  ...prepare(patch('no limit for the pool', POOL, { concurrency_limit: null })),
  poll('without the limit of the pool', {
    work_queue_names: ['default'],
    scheduled_before: '{now+60}',
  }),
];

const beyond: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process', concurrency_limit: 2 }),
    post('queue high', `${POOL}/queues`, { name: 'high', concurrency_limit: 1 }),
    post(
      'a deployment',
      '/deployments/',
      { name: 'd', flow_id: '{flow}', work_pool_name: 'p-{tag}' },
      { save: { d: 'id' } },
    ),
    ...['h1', 'h2'].map((name) => run(name, 'high', -9)),
    ...['m1', 'm2'].map((name) => run(name, 'default', -8)),
  ),
  state('claim h1', 'h1', 'PENDING', outcome),
  state('claim h2, its queue is full', 'h2', 'PENDING', outcome),
  get('h2 then', '/flow_runs/{h2}', { view: fields('state_type', 'state_name') }),
  state('claim m1', 'm1', 'PENDING', outcome),
  state('claim m2, the pool is full', 'm2', 'PENDING', outcome),
  state('start m2 without a claim', 'm2', 'RUNNING', outcome),
  state('end h1', 'h1', 'COMPLETED', outcome),
  state('claim m2 again', 'm2', 'PENDING', outcome),
];

const serve = (name: string, body: unknown): Case =>
  post(name, '/deployments/get_scheduled_flow_runs', body, {
    view: (runs: { name: string; state_type: string }[]) => runs.map((one) => one.name),
  });
const direct = (name: string, seconds: number): Case =>
  post(
    `run ${name}`,
    '/deployments/{d}/create_flow_run',
    { name, state: at(seconds) },
    { save: { [name]: 'id' } },
  );
const served: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post('a deployment', '/deployments/', { name: 'd', flow_id: '{flow}' }, { save: { d: 'id' } }),
    post('another', '/deployments/', { name: 'e', flow_id: '{flow}' }, { save: { e: 'id' } }),
    direct('later', 3_600),
    direct('second', -2),
    direct('first', -6),
    post(
      'run other',
      '/deployments/{e}/create_flow_run',
      { name: 'other', state: at(-4) },
      { save: { other: 'id' } },
    ),
  ),
  serve('of one', { deployment_ids: ['{d}'], scheduled_before: '{text+60}' }),
  serve('of two', { deployment_ids: ['{d}', '{e}'], scheduled_before: '{now+60}' }),
  serve('of none', { deployment_ids: [] }),
  serve('of one that is not there', { deployment_ids: ['{uuid:no}'] }),
  serve('limit 1', { deployment_ids: ['{d}'], limit: 1 }),
  serve('limit 201', { deployment_ids: ['{d}'], limit: 201 }),
  serve('without deployments', {}),
  serve('without a time', { deployment_ids: ['{d}'] }),
  get('the deployment is ready', '/deployments/{d}', {
    eventually: true,
    view: fields('status', 'last_polled'),
  }),
  ...prepare(state('claim first', 'first', 'PENDING')),
  serve('a claimed one is not there', { deployment_ids: ['{d}'], scheduled_before: '{now+60}' }),
  post('whole', '/deployments/get_scheduled_flow_runs', {
    deployment_ids: ['{d}'],
    scheduled_before: '{now+60}',
  }),
];

export const POLLS: Scenario[] = [
  { area: 'polls', name: 'polls', cases: order },
  { area: 'polls', name: 'polls under limits', cases: limits },
  { area: 'polls', name: 'claims beyond limits', cases: beyond },
  { area: 'polls', name: 'polls of served deployments', cases: served },
];
