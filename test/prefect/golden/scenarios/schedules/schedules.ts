import { type Case, del, get, patch, post, prepare, type Scenario } from '../../case.ts';

interface Shown {
  readonly schedule: {
    readonly anchor_date?: string;
    readonly cron?: string;
    readonly rrule?: string;
  };
  readonly slug: string | null;
  readonly active: boolean;
  readonly max_scheduled_runs: number | null;
  readonly parameters: unknown;
}

const one = ({ schedule, slug, active, max_scheduled_runs, parameters }: Shown) => ({
  schedule: 'anchor_date' in schedule ? { ...schedule, anchor_date: 'some time' } : schedule,
  slug,
  active,
  max_scheduled_runs,
  parameters,
});
const bySlug = (a: Shown, b: Shown) => ((a.slug ?? '') < (b.slug ?? '') ? -1 : 1);
const rules = (schedules: readonly Shown[]) =>
  schedules.map(({ schedule: { cron, rrule } }) => cron ?? rrule ?? 'an interval').sort();
const all = (body: readonly Shown[]) =>
  Array.isArray(body) ? [...body].sort(bySlug).map(one) : 'refused';
const ofDeployment = ({ schedules }: { schedules: readonly Shown[] }) => all(schedules);
const refused = () => 'refused';

const make = (deployment: string, schedules: readonly object[]): Case[] =>
  prepare(
    post('a pool', '/work_pools/', { name: 'p-{tag}', type: 'process' }),
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { f: 'id' } }),
    post(
      'a deployment',
      '/deployments/',
      { name: deployment, flow_id: '{f}', work_pool_name: 'p-{tag}', paused: true, schedules },
      { save: { d: 'id' } },
    ),
  );
const schedule = (name: string, rule: unknown, more: object = {}): Case =>
  post(name, '/deployments/{d}/schedules', [{ schedule: rule, ...more }], { view: all });
const wrong = (name: string, rule: unknown, more: object = {}): Case =>
  post(name, '/deployments/{d}/schedules', [{ schedule: rule, ...more }], { view: refused });
const look = (name: string): Case => get(name, '/deployments/{d}/schedules', { view: all });
const anchor = '2026-01-01T09:00:00Z';

const kinds: Case[] = [
  ...make('d', []),
  look('none'),
  schedule('an interval', { interval: 3600 }),
  schedule('an interval and its anchor', { interval: 86400, anchor_date: anchor }),
  schedule('an interval in a time zone', {
    interval: 60,
    anchor_date: anchor,
    timezone: 'Asia/Tokyo',
  }),
  schedule('of half seconds', { interval: 90.5 }),
  schedule('a cron', { cron: '0 9 * * 1-5' }),
  schedule('a cron in a time zone', { cron: '*/5 * * * *', timezone: 'Europe/Berlin' }),
  schedule('a cron of both days', { cron: '0 0 13 * 5', day_or: false }),
  schedule('a cron by names', { cron: '30 6 * JAN-MAR MON,FRI' }),
  schedule('a cron by a word', { cron: '@daily' }),
  schedule('a rule without a beginning', { rrule: 'FREQ=DAILY;BYHOUR=9' }),
  schedule('a rule by its whole name', { rrule: 'RRULE:FREQ=WEEKLY;BYDAY=MO' }),
  schedule('a rule with its beginning', { rrule: 'DTSTART:20260101T090000\nRRULE:FREQ=MONTHLY' }),
  schedule('a rule in a time zone', { rrule: 'FREQ=HOURLY', timezone: 'America/New_York' }),
  schedule(
    'with everything',
    { cron: '0 0 * * *', timezone: 'UTC', day_or: true },
    {
      active: false,
      max_scheduled_runs: 7,
      parameters: { a: [1, { b: null }] },
      slug: 'nightly',
    },
  ),
  schedule(
    'null says nothing',
    { interval: 60, timezone: null },
    { slug: null, max_scheduled_runs: null },
  ),
  post(
    'two at once',
    '/deployments/{d}/schedules',
    [
      { schedule: { interval: 60 }, slug: 'x' },
      { schedule: { interval: 120 }, slug: 'y' },
    ],
    { view: all },
  ),
  post('none at all', '/deployments/{d}/schedules', [], { view: all }),
  get('all of them', '/deployments/{d}/schedules', { view: rules }),
  get('with the deployment', '/deployments/{d}', {
    view: ({ schedules }: { schedules: readonly Shown[] }) => rules(schedules),
  }),
];

const faults: Case[] = [
  ...make('d', [{ schedule: { interval: 60 }, slug: 'there' }]),
  wrong('no kind', {}),
  wrong('two kinds', { interval: 60, cron: '* * * * *' }),
  wrong('an unknown field', { interval: 60, every: 2 }),
  wrong('an interval of none', { interval: 0 }),
  wrong('a negative interval', { interval: -60 }),
  wrong('a cron that is none', { cron: 'at noon' }),
  wrong('a cron of an hour that is none', { cron: '0 25 * * *' }),
  wrong('a rule that is none', { rrule: 'FREQ=NEVER' }),
  wrong('a time zone that is none', { cron: '0 0 * * *', timezone: 'Mars/Olympus' }),
  wrong('a text', 'daily'),
  wrong('null', null),
  wrong('too many runs ahead', { interval: 60 }, { max_scheduled_runs: 101 }),
  wrong('no run ahead', { interval: 60 }, { max_scheduled_runs: 0 }),
  wrong('an unknown field beside it', { interval: 60 }, { name: 'x' }),
  wrong('parameters that are none', { interval: 60 }, { parameters: [1] }),
  post('no list', '/deployments/{d}/schedules', { schedule: { interval: 60 } }, { view: refused }),
  get('of no deployment', '/deployments/00000000-0000-4000-8000-000000000000/schedules'),
  post('for no deployment', '/deployments/00000000-0000-4000-8000-000000000000/schedules', [
    { schedule: { interval: 60 } },
  ]),
  patch('no schedule', '/deployments/{d}/schedules/00000000-0000-4000-8000-000000000000', {
    active: true,
  }),
  del('no schedule to delete', '/deployments/{d}/schedules/00000000-0000-4000-8000-000000000000'),
  get('schedules of no id', '/deployments/x/schedules', { view: refused }),
];

const changes: Case[] = [
  ...make('d', []),
  ...prepare(
    post(
      'a schedule',
      '/deployments/{d}/schedules',
      [{ schedule: { interval: 60, anchor_date: anchor }, slug: 's', parameters: { a: 1 } }],
      { save: { s: '0.id' } },
    ),
  ),
  patch('another rule', '/deployments/{d}/schedules/{s}', {
    schedule: { cron: '0 0 * * *' },
    parameters: { a: 1 },
  }),
  look('a cron now'),
  patch('paused', '/deployments/{d}/schedules/{s}', { active: false, parameters: { a: 1 } }),
  look('not active'),
  patch('another slug', '/deployments/{d}/schedules/{s}', { slug: 't', parameters: { b: 2 } }),
  look('of another slug'),
  patch('runs ahead', '/deployments/{d}/schedules/{s}', {
    max_scheduled_runs: 3,
    parameters: { b: 2 },
  }),
  patch(
    'too many',
    '/deployments/{d}/schedules/{s}',
    { max_scheduled_runs: 1000 },
    { view: refused },
  ),
  patch(
    'a rule that is none',
    '/deployments/{d}/schedules/{s}',
    { schedule: { cron: 'x' } },
    { view: refused },
  ),
  look('as it was'),
  patch('what it does not say, stays', '/deployments/{d}/schedules/{s}', { active: true }),
  look('with its parameters'),
  del('deleted', '/deployments/{d}/schedules/{s}'),
  del('deleted again', '/deployments/{d}/schedules/{s}'),
  look('none left'),
];

const patchDeployment = (name: string, schedules: unknown, more: object = {}): Case =>
  patch(name, '/deployments/{d}', { schedules }, more);
const bySlugs: Case[] = [
  ...make('d', [
    { schedule: { cron: '0 1 * * *' }, slug: 'a', parameters: { p: 1 } },
    { schedule: { cron: '0 2 * * *' }, slug: 'b' },
  ]),
  look('two'),
  patchDeployment('one of them', [
    { slug: 'a', schedule: { cron: '0 3 * * *' }, parameters: { p: 1 } },
  ]),
  look('one changed'),
  patchDeployment('a new one', [{ slug: 'c', schedule: { cron: '0 4 * * *' } }]),
  look('three'),
  patchDeployment('renamed', [{ slug: 'd', replaces: 'a', parameters: { p: 1 } }]),
  look('a is d'),
  patchDeployment('renamed onto another', [{ slug: 'b', replaces: 'd' }]),
  patchDeployment('two for one', [
    { slug: 'e', replaces: 'd' },
    { slug: 'f', replaces: 'd' },
  ]),
  patchDeployment('without a slug', [{ schedule: { cron: '0 5 * * *' } }]),
  patchDeployment('a new one without a rule', [{ slug: 'g' }]),
  patchDeployment('an empty list', []),
  look('unchanged'),
  patch('null', '/deployments/{d}', { schedules: null }),
  look('unchanged by null'),
  post(
    'created anew with one',
    '/deployments/',
    {
      name: 'd',
      flow_id: '{f}',
      work_pool_name: 'p-{tag}',
      paused: true,
      schedules: [{ schedule: { interval: 600, anchor_date: anchor } }],
    },
    { view: ofDeployment },
  ),
  patchDeployment('replaced, for it had no slug', [{ slug: 'z', schedule: { cron: '0 6 * * *' } }]),
  look('replaced'),
  post(
    'created anew without',
    '/deployments/',
    { area: 'schedules', name: 'd', flow_id: '{f}', paused: true },
    { view: ofDeployment },
  ),
  look('none'),
];

interface Run {
  readonly auto_scheduled: boolean;
  readonly tags: readonly string[];
  readonly parameters: unknown;
  readonly state_type: string;
  readonly state: { readonly message: string | null };
  readonly expected_start_time: string;
  readonly created_by: { readonly type: string; readonly display_value: string } | null;
}
const made = (runs: readonly Run[]) =>
  [...runs]
    .sort((a, b) => (a.expected_start_time < b.expected_start_time ? -1 : 1))
    .map(({ created_by: by, ...run }) => ({
      auto: run.auto_scheduled,
      tags: [...run.tags].sort(),
      parameters: run.parameters,
      state: run.state_type,
      message: run.state.message,
      at: run.expected_start_time.slice(0, 19),
      by: by && { type: by.type, name: by.display_value },
    }));
const listRuns = (name: string): Case =>
  post(name, '/flow_runs/filter', { deployments: { id: { any_: ['{d}'] } } }, { view: made });
const from = '2027-03-01T00:00:00Z';
const byHand: Case[] = [
  ...make('d', [
    {
      schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin' },
      slug: 'early',
      parameters: { p: 2 },
    },
    { schedule: { interval: 3600, anchor_date: anchor }, active: false },
  ]),
  post('from one day to another', '/deployments/{d}/schedule', {
    start_time: from,
    end_time: '2027-03-03T12:00:00Z',
  }),
  listRuns('three days'),
  post('the same again', '/deployments/{d}/schedule', {
    start_time: from,
    end_time: '2027-03-03T12:00:00Z',
  }),
  listRuns('the same three'),
  post('two at the most', '/deployments/{d}/schedule', {
    start_time: '2027-04-01T00:00:00Z',
    max_runs: 2,
  }),
  listRuns('two more'),
  post('five at least', '/deployments/{d}/schedule', {
    start_time: '2027-05-01T00:00:00Z',
    min_runs: 5,
  }),
  listRuns('five more'),
  post('over the change of the clocks', '/deployments/{d}/schedule', {
    start_time: '2027-03-27T00:00:00Z',
    min_time: 172800,
    min_runs: 1,
  }),
  listRuns('in wall-clock time'),
  patch('a change takes them back', '/deployments/{d}', {
    schedules: [{ schedule: { cron: '0 7 * * *' } }],
  }),
  listRuns('none is left'),
];

export const SCHEDULES: readonly Scenario[] = [
  { area: 'schedules', name: 'kinds of schedules', cases: kinds },
  { area: 'schedules', name: 'schedules that are refused', cases: faults },
  { area: 'schedules', name: 'changes of schedules', cases: changes },
  { area: 'schedules', name: 'schedules by their slugs', cases: bySlugs },
  { area: 'schedules', name: 'runs of schedules by hand', cases: byHand },
];
