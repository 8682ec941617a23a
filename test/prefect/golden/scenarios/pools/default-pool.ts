import { type Case, del, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';

/** The queues of Prefect 2, whose requests name no pool. */
const cases: Case[] = [
  post(
    'create',
    '/work_queues/',
    { name: 'q-{tag}' },
    {
      save: { q: 'id', pool: 'work_pool_id' },
      view: fields(
        'name',
        'description',
        'is_paused',
        'concurrency_limit',
        'work_pool_name',
        'status',
      ),
    },
  ),
  post('create again', '/work_queues/', { name: 'q-{tag}' }),
  post('create without a name', '/work_queues/', {}),
  get('by name', '/work_queues/name/q-{tag}', { view: fields('name', 'work_pool_name') }),
  get('by a name that nobody has', '/work_queues/name/no-{tag}'),
  get('by id', '/work_queues/{q}', { view: fields('name', 'work_pool_name') }),
  get('its pool', '/work_pools/default-agent-pool', { view: fields('name', 'type', 'status') }),
  ...prepare(post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' })),
  ...prepare(post('a queue in it', '/work_pools/p-{tag}/queues', { name: 'in-{tag}' })),
  get('a queue of another pool by name', '/work_queues/name/in-{tag}'),
  patch('a limit', '/work_queues/{q}', { concurrency_limit: 1 }),
  get('has the limit', '/work_queues/name/q-{tag}', {
    view: fields('concurrency_limit', 'active_slots'),
  }),
  post('odd names', '/work_queues/', { name: 'a#b ü? {tag}' }, { view: fields('name') }),
  get('odd names by name', '/work_queues/name/a%23b%20%C3%BC%3F%20{tag}', { view: fields('name') }),
  ...prepare(post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } })),
  post(
    'a deployment on it',
    '/deployments/',
    { name: 'd', flow_id: '{flow}', work_queue_name: 'q-{tag}' },
    {
      save: { d: 'id' },
      view: fields('work_queue_name', 'work_queue_id', 'work_pool_name'),
    },
  ),
  post(
    'a deployment on one that is not there',
    '/deployments/',
    { name: 'e', flow_id: '{flow}', work_queue_name: 'new-{tag}' },
    {
      view: fields('work_queue_name', 'work_pool_name'),
    },
  ),
  get('it was created', '/work_queues/name/new-{tag}', { view: fields('name') }),
  post(
    'a run',
    '/deployments/{d}/create_flow_run',
    {},
    {
      save: { run: 'id' },
      view: fields('work_queue_name', 'work_pool_name', 'state_type'),
    },
  ),
  post(
    'its runs',
    '/work_queues/{q}/get_runs',
    { scheduled_before: '{now+60}' },
    {
      view: (body: { id: string }[]) => body.map(({ id }) => id),
    },
  ),
  post('its runs, limit 0', '/work_queues/{q}/get_runs', { limit: 0 }),
  post('runs of one that is not there', '/work_queues/{uuid:no}/get_runs', {}),
  del('delete', '/work_queues/{q}'),
  get('read the deleted', '/work_queues/name/q-{tag}'),
];

export const DEFAULT_POOL: Scenario[] = [{ area: 'queues', name: 'queues without a pool', cases }];
