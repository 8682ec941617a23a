import { type Case, fields, get, patch, post, type Scenario } from '../../case.ts';

const bodies: Case[] = [
  post('a body that is no JSON', '/flows/', undefined, { raw: '{"name": ' }),
  post('a body that is a list', '/flows/', []),
  post('a body that is a text', '/flows/', 'flow'),
  post('no body where one is needed', '/flows/'),
  post('a key that no model has', '/flows/', { name: 'f-{tag}', colour: 'red' }),
  post(
    'a body without content-type',
    '/flows/filter',
    { flows: { name: { any_: ['no-{tag}'] } } },
    { headers: { 'content-type': 'none' } },
  ),
  post('unknown keys on top of a filter', '/flows/filter', {
    flows: { name: { any_: ['no-{tag}'] } },
    colour: 'red',
  }),
  post('an unknown key inside a filter', '/flows/filter', { flows: { colour: 'red' } }),
  post('a filter without a body', '/flows/filter', undefined, {
    view: (body: unknown[]) => body.slice(0, 0),
  }),
];

export const TRANSPORT: Scenario[] = [
  {
    area: 'transport',
    name: 'probes',
    cases: [
      get('health', '/health'),
      get('ready', '/ready'),
      get('hello', '/hello'),
      get('version of the API', '/version'),
      get('version of the server', '/admin/version', {
        view: (body: string) => body.split('.')[0],
      }),
      get('storage', '/admin/storage'),
      get('settings', '/admin/settings', { view: () => 'an object' }),
      get('csrf token', '/csrf-token?client={uuid:client}', {
        says: 'CSRF protection is disabled.',
      }),
      get('worker metadata', '/collections/views/aggregate-worker-metadata', {
        view: () => 'an object',
      }),
      get('a view that there is not', '/collections/views/nothing'),
      post('automations', '/automations/filter', {}),
      post('automations without a body', '/automations/filter', undefined),
      post('count automations', '/automations/count', undefined),
      get('an automation that is not there', '/automations/{uuid:b}'),
      get('an automation by what is no id', '/automations/seven'),
      get('automations of a deployment', '/automations/related-to/prefect.deployment.{uuid:a}'),
      {
        name: 'delete automations of a deployment',
        method: 'DELETE',
        path: '/automations/owned-by/prefect.deployment.{uuid:a}',
      },
    ],
  },
  {
    area: 'transport',
    name: 'requests that make no sense',
    cases: [
      get('a route that there is not', '/nothing'),
      patch('a method that a route does not have', '/flows/', {}),
      get('an id that is none', '/flows/seven'),
      get('an id that nobody has', '/flows/{uuid:nobody}'),
      ...['new', '0.0.1', '0.9.9', '1.0.0', ''].map((version) =>
        post(
          `version ${version}`,
          '/flows/filter',
          { limit: 0 },
          {
            headers: { 'x-prefect-api-version': version },
          },
        ),
      ),
      ...bodies,
    ],
  },
  {
    area: 'transport',
    name: 'trailing slashes',
    cases: [
      post(
        'create a flow without a slash',
        '/flows',
        { name: 'f-{tag}' },
        { save: { flow: 'id' } },
      ),
      get('read it with a slash', '/flows/{flow}/'),
      post('filter with a slash', '/flows/filter/', { flows: { id: { any_: ['{flow}'] } } }),
      post(
        'create a pool without a slash',
        '/work_pools',
        { name: 'p-{tag}', type: 'process' },
        {
          view: fields('name'),
        },
      ),
      get('read the pool with a slash', '/work_pools/p-{tag}/', { view: fields('name') }),
      post(
        'create a queue with a slash',
        '/work_pools/p-{tag}/queues/',
        { name: 'q' },
        {
          view: fields('name', 'priority'),
        },
      ),
      post(
        'create a run without a slash',
        '/flow_runs',
        { flow_id: '{flow}' },
        {
          save: { run: 'id' },
          view: fields('state_type'),
        },
      ),
      get('its states without a slash', '/flow_run_states?flow_run_id={run}'),
      post('logs without a slash', '/logs', []),
    ],
  },
];
