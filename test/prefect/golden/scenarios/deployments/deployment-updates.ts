import { type Case, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';

const make: Case[] = prepare(
  post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { f: 'id' } }),
  post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
);

const PERSON = {
  type: 'object',
  required: ['person'],
  properties: {
    name: { type: 'string', default: 'world', position: 1 },
    person: { allOf: [{ $ref: '#/definitions/Person' }], position: 0 },
    people: { type: 'array', items: { $ref: '#/definitions/Person' } },
  },
  definitions: {
    Person: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, greeting: { type: 'string', default: 'Hello' } },
    },
  },
};
const deployment = (name: string, more: object, save = name): Case =>
  post(
    name,
    '/deployments/',
    { name, flow_id: '{f}', work_pool_name: 'p-{tag}', ...more },
    { save: { [save]: 'id' }, view: fields('parameters', 'enforce_parameter_schema') },
  );
const enforced = { enforce_parameter_schema: true, parameter_openapi_schema: PERSON };
const SAYS = "Validation failed for field 'x'. Failure reason: 1 is not of type 'string'";
const X = { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] };

const partial: Case[] = [
  ...make,
  deployment('with a part of a person', {
    ...enforced,
    parameters: { person: { greeting: 'sup' } },
  }),
  deployment('without a person', enforced, 'd'),
  patch('a part of a person', '/deployments/{d}', { parameters: { person: { greeting: 'hi' } } }),
  patch('parts of people', '/deployments/{d}', {
    parameters: { people: [{ greeting: 'hi' }, {}] },
  }),
  get('has them', '/deployments/{d}', { view: fields('parameters') }),
  patch('a person that is none', '/deployments/{d}', { parameters: { person: 'ann' } }),
  patch('people that are none', '/deployments/{d}', { parameters: { people: [{ name: 1 }] } }),
  post('a run with a part of a person', '/deployments/{d}/create_flow_run', {
    parameters: { person: { greeting: 'hi' } },
  }),
  post(
    'a run with a person',
    '/deployments/{d}/create_flow_run',
    { parameters: { person: { name: 'ann' }, people: [] } },
    { view: fields('parameters') },
  ),
  patch('no parameters', '/deployments/{d}', { parameters: {} }),
  get('has none', '/deployments/{d}', { view: fields('parameters') }),
  deployment('strict', { enforce_parameter_schema: true, parameter_openapi_schema: X }, 'x'),
  deployment('strict with a number', {
    ...enforced,
    parameter_openapi_schema: X,
    parameters: { x: 1 },
  }),
  patch('a number for a string', '/deployments/{x}', { parameters: { x: 1 } }, { says: SAYS }),
  patch(
    'a number for a string, with another schema',
    '/deployments/{x}',
    { parameters: { x: 1 }, parameter_openapi_schema: X },
    { says: SAYS },
  ),
  post(
    'a run with a number for a string',
    '/deployments/{x}/create_flow_run',
    { parameters: { x: 1 } },
    { says: SAYS },
  ),
  post(
    'a run without what is required',
    '/deployments/{x}/create_flow_run',
    {},
    { says: "Validation failed. Failure reason: 'x' is a required property" },
  ),
  post(
    'runs with a number for a string',
    '/deployments/{x}/create_flow_run/bulk',
    [{ parameters: { x: 1 } }],
    {
      view: ({ results }: { results: { status: string; error: string }[] }) =>
        results.map(({ status, error }) => [status, error.includes(SAYS)]),
    },
  ),
  patch('a schema of nothing', '/deployments/{x}', { parameter_openapi_schema: null }),
  patch('parameters then', '/deployments/{x}', { parameters: { x: 2 } }),
  patch('not enforced', '/deployments/{x}', { enforce_parameter_schema: false }),
  patch('parameters of any kind', '/deployments/{x}', { parameters: { x: 3 } }),
  patch('enforced again', '/deployments/{x}', {
    enforce_parameter_schema: true,
    parameter_openapi_schema: X,
  }),
];

interface Listed {
  readonly slug: string | null;
  readonly active: boolean;
  readonly schedule: { readonly interval?: number; readonly cron?: string };
}
/** In the order that they are listed in. */
const listed = ({ schedules }: { schedules: Listed[] }) =>
  schedules.map(({ slug, active, schedule }) => [slug, active, schedule.interval ?? schedule.cron]);
const look = (name: string): Case => get(name, '/deployments/{d}', { view: listed });
const every = (interval: number, more: object = {}) => ({
  schedule: { interval, anchor_date: '2026-01-01T00:00:00Z' },
  ...more,
});
const change = (name: string, schedules: readonly object[]): Case =>
  patch(name, '/deployments/{d}', { schedules });
const scheduled = (name: string, schedules: readonly object[]): Case =>
  post(
    name,
    '/deployments/',
    { name, flow_id: '{f}', paused: true, schedules },
    { save: { d: 'id' }, view: listed },
  );

const replaced: Case[] = [
  ...make,
  scheduled('two without slugs', [every(86400), every(172800, { active: false })]),
  change('two others', [every(259200), every(604800, { active: false })]),
  look('two others now'),
  change('three', [every(60), every(120), every(180, { slug: 'c' })]),
  look('three now'),
  scheduled('a chain', [every(60, { slug: 'a' }), every(120, { slug: 'b' })]),
  change('moved along the chain', [
    { slug: 'b', replaces: 'a' },
    { slug: 'c', replaces: 'b' },
  ]),
  look('b and c now'),
  scheduled('a pair', [every(60, { slug: 'x' }), every(120, { slug: 'y' })]),
  change('swapped', [
    { slug: 'y', replaces: 'x' },
    { slug: 'x', replaces: 'y' },
  ]),
  look('swapped now'),
  change('two for one', [
    { slug: 'v', replaces: 'x' },
    { slug: 'w', replaces: 'x' },
  ]),
  change('onto another', [{ slug: 'y', replaces: 'x' }]),
  change('of one that is not there', [every(300, { slug: 'n', replaces: 'no' })]),
  look('with a new one'),
  change('of one that is not there, without a schedule', [{ slug: 'm', replaces: 'no' }]),
  change('a change and a new one', [
    every(90, { slug: 'x', active: false }),
    every(600, { slug: 'z' }),
  ]),
  look('changed and new'),
  change('one without a slug', [every(60)]),
  change('none', []),
  look('none named, none changed'),
];

const slugs: Case[] = [
  ...make,
  scheduled('three with slugs', [
    every(60, { slug: 'a' }),
    every(120, { slug: 'b' }),
    every(180, { slug: 'c' }),
  ]),
  ...(['delete one', 'delete it again'] as const).map(
    (name): Case => ({ name, method: 'DELETE', path: '/deployments/{d}/schedules/a' }),
  ),
  look('b and c'),
  {
    name: 'of a deployment that is not there',
    method: 'DELETE',
    path: '/deployments/{uuid:no}/schedules/b',
  },
  { name: 'an id that nobody has', method: 'DELETE', path: '/deployments/{d}/schedules/{uuid:no}' },
  patch('change one', '/deployments/{d}/schedules/b', { active: false }),
  look('b is not active'),
];

interface Made {
  readonly auto_scheduled: boolean;
  readonly tags: readonly string[];
  readonly state_type: string;
  readonly state: { readonly message: string | null };
  readonly work_queue_name: string;
}
const daily = { schedule: { interval: 86400, anchor_date: '{now-3600}' } };
const asked = (name: string, body: object | undefined, more: object = {}): Case[] => [
  ...prepare(
    post(
      `for ${name}`,
      '/deployments/',
      { name, flow_id: '{f}', work_pool_name: 'p-{tag}', tags: ['t'], schedules: [daily], ...more },
      { save: { d: 'id' } },
    ),
  ),
  post(name, '/deployments/{d}/schedule', body),
  post(
    `${name}: how many`,
    '/flow_runs/filter',
    { deployments: { id: { any_: ['{d}'] } } },
    { view: (runs: Made[]) => runs.length },
  ),
];
const bySchedule: Case[] = [
  ...make,
  ...asked('nothing', undefined),
  post(
    'what it makes',
    '/flow_runs/filter',
    { deployments: { id: { any_: ['{d}'] } }, limit: 1, sort: 'EXPECTED_START_TIME_ASC' },
    {
      view: (runs: Made[]) =>
        runs.map((run) => ({
          auto: run.auto_scheduled,
          tags: run.tags.toSorted(),
          state: run.state_type,
          message: run.state.message,
          queue: run.work_queue_name,
        })),
    },
  ),
  ...asked('an empty body', {}),
  ...asked('five runs', { min_runs: 5 }),
  ...asked('in 120 days', { start_time: '{text+10368000}' }),
  ...asked('until next week', { end_time: '{text+604800}', min_runs: 100 }),
  ...asked('the last 20 days', {
    start_time: '{text-1728000}',
    end_time: '{text+0}',
    min_runs: 100,
  }),
  ...asked('two at the most', { min_runs: 5, max_runs: 2 }),
  ...asked('none at the most', { max_runs: 0 }),
  ...asked('the next ten days', { min_time: 864000 }),
  ...asked('what ended before it began', { start_time: '{text+86400}', end_time: '{text-86400}' }),
  ...asked('a paused one', {}, { paused: true }),
  ...asked('one without a schedule', {}, { schedules: [] }),
  ...asked('one whose schedule is not active', {}, { schedules: [{ ...daily, active: false }] }),
  post('one that is not there', '/deployments/{uuid:no}/schedule', {}),
];

export const DEPLOYMENT_UPDATES: Scenario[] = [
  { area: 'deployment-updates', name: 'parts of parameters', cases: partial },
  { area: 'deployment-updates', name: 'schedules replaced at once', cases: replaced },
  { area: 'deployment-updates', name: 'schedules named by slugs', cases: slugs },
  { area: 'deployment-updates', name: 'runs that schedules are asked for', cases: bySchedule },
];
