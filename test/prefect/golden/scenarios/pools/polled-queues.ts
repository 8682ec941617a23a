import { type Case, del, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';

const POOL = '/work_pools/p-{tag}';
const make = prepare(
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { f: 'id' } }),
  post('a queue', `${POOL}/queues`, { name: 'q-{tag}' }, { save: { q: 'id' } }),
  post('another queue', `${POOL}/queues`, { name: 's' }, { save: { s: 'id' } }),
  post(
    'a deployment',
    '/deployments/',
    { name: 'd', flow_id: '{f}', work_pool_name: 'p-{tag}', work_queue_name: 'q-{tag}' },
    { save: { d: 'id' } },
  ),
);
const status = (name: string, path: string, eventually = true): Case =>
  get(name, path, { view: fields('status'), ...(eventually ? { eventually } : {}) });
const isPolled = (body: { last_polled: string | null }) => body.last_polled !== null;

const queues: Case[] = [
  ...make,
  status('a new queue', '/work_queues/{q}', false),
  status('its deployment', '/deployments/{d}', false),
  post(
    'look at its runs, as the UI does',
    '/work_queues/{q}/get_runs',
    {},
    {
      headers: { 'x-prefect-ui': 'true' },
    },
  ),
  status('not polled by that', '/work_queues/{q}', false),
  post('poll it', '/work_queues/{q}/get_runs', {}),
  status('ready', '/work_queues/{q}'),
  get('when it was polled', '/work_queues/{q}', { view: isPolled, eventually: true }),
  status('its deployment is ready', '/deployments/{d}'),
  get('its health', '/work_queues/{q}/status', { view: fields('healthy', 'late_runs_count') }),
  status('another queue is not', '/work_queues/{s}', false),
  get('the health of another', '/work_queues/{s}/status', {
    view: fields('healthy', 'late_runs_count', 'last_polled'),
  }),
  patch('pause it', '/work_queues/{q}', { is_paused: true }),
  status('paused', '/work_queues/{q}'),
  post('poll what is paused', '/work_queues/{q}/get_runs', {}),
  status('paused still', '/work_queues/{q}'),
  patch('resume it', '/work_queues/{q}', { is_paused: false }),
  status('ready again', '/work_queues/{q}'),
  patch('pause another', '/work_queues/{s}', { is_paused: true }),
  patch('resume another', '/work_queues/{s}', { is_paused: false }),
  status('not ready, as never polled', '/work_queues/{s}'),
  patch('pause it, polled a while ago', '/work_queues/{s}', {
    is_paused: true,
    last_polled: '{now-20}',
  }),
  patch('resume what was polled', '/work_queues/{s}', { is_paused: false }),
  get('has been polled', '/work_queues/{s}', { view: fields('status', 'last_polled') }),
  patch('polled long ago', '/work_queues/{s}', { last_polled: '{now-86400}' }),
  get('was polled long ago', '/work_queues/{s}', { view: fields('status', 'last_polled') }),
  patch('polled, what is no time', '/work_queues/{s}', { last_polled: 'yesterday' }),
];

const pools: Case[] = [
  ...make,
  status('a new pool', POOL, false),
  post('a worker', `${POOL}/workers/heartbeat`, { name: 'w' }),
  status('a ready pool', POOL),
  post('poll the pool', `${POOL}/get_scheduled_flow_runs`, { work_queue_names: ['q-{tag}'] }),
  status('the queue is ready', '/work_queues/{q}'),
  status('another queue is not ready', '/work_queues/{s}'),
  status('the deployment is ready', '/deployments/{d}'),
  post('another worker', `${POOL}/workers/heartbeat`, { name: 'x' }),
  del('delete the worker', `${POOL}/workers/w`),
  status('ready with the other', POOL),
  del('delete the other', `${POOL}/workers/x`),
  status('after its last worker', POOL),
  post('who is left', `${POOL}/workers/filter`, {}),
];

const hasQ = (queues: { name: string }[]) => queues.some(({ name }) => name.startsWith('q-'));
const checked: Case[] = [
  ...make,
  get('the queues of a deployment', '/deployments/{d}/work_queue_check', { view: hasQ }),
  ...prepare(
    post(
      'a deployment in no pool',
      '/deployments/',
      { name: 'e', flow_id: '{f}' },
      { save: { e: 'id' } },
    ),
  ),
  get('of a deployment in no pool', '/deployments/{e}/work_queue_check', { view: hasQ }),
  get('of one that is not there', '/deployments/{uuid:no}/work_queue_check'),
  get('of an id that is none', '/deployments/no/work_queue_check'),
];

/** As users type them: not encoded where a client would encode. */
const odd: Case[] = [
  ...make,
  get('a queue with a percent sign', '/work_queues/name/work%queue'),
  get('a queue with an encoded one', '/work_queues/name/work%25queue'),
  get('a queue with a slash', '/work_queues/name/work/queue'),
  get('a queue of a pool', `${POOL}/queues/work%queue`),
  get('a pool with a percent sign', '/work_pools/my%pool'),
  get('a pool with an encoded one', '/work_pools/my%25pool'),
  get('a pool that ends with one', '/work_pools/pool%'),
  del('delete such a pool', '/work_pools/my%pool'),
  get('a named flow', '/flows/name/my%flow'),
  get('a named variable', '/variables/name/my%variable'),
  get('a named deployment', '/deployments/name/my%flow/my%deployment'),
  post('create such a pool', '/work_pools/', { name: 'my%pool-{tag}' }),
  post('create such a queue', `${POOL}/queues`, { name: 'work%queue' }),
  post('create such a queue of no pool', '/work_queues/', { name: 'work%queue-{tag}' }),
  post('create such a deployment', '/deployments/', { name: 'my%d', flow_id: '{f}' }),
  post('create such a flow', '/flows/', { name: 'my%flow-{tag}' }),
];

export const POLLED_QUEUES: Scenario[] = [
  { area: 'polled-queues', name: 'statuses of queues', cases: queues },
  { area: 'polled-queues', name: 'statuses of pools', cases: pools },
  { area: 'polled-queues', name: 'queues that a deployment waits in', cases: checked },
  { area: 'polled-queues', name: 'names with percent signs', cases: odd },
];
