import { type Case, fields, get, post, prepare, type Scenario } from '../../case.ts';

const TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'PAUSED',
  'CANCELLING',
  'COMPLETED',
  'FAILED',
  'CRASHED',
  'CANCELLED',
] as const;
type Type = (typeof TYPES)[number];

/** How a run that was created as SCHEDULED gets into each state. */
const WAY: Readonly<Record<Type, readonly Type[]>> = {
  SCHEDULED: [],
  PENDING: ['PENDING'],
  RUNNING: ['PENDING', 'RUNNING'],
  PAUSED: ['RUNNING', 'PAUSED'],
  CANCELLING: ['RUNNING', 'CANCELLING'],
  COMPLETED: ['RUNNING', 'COMPLETED'],
  FAILED: ['RUNNING', 'FAILED'],
  CRASHED: ['RUNNING', 'CRASHED'],
  CANCELLED: ['CANCELLED'],
};

interface Result {
  status: string;
  state: { type: string; name: string } | null;
  details: { type: string };
}
export const outcome = ({ status, state, details }: Result) => ({
  status,
  state: state && `${state.type} ${state.name}`,
  details: details.type,
});
const AFTER = fields(
  'state_type',
  'state_name',
  'run_count',
  'start_time',
  'end_time',
  'next_scheduled_start_time',
  'expected_start_time',
  'total_run_time',
  'empirical_policy',
);

function pair(from: Type, to: Type, force: boolean, create: Case): Case[] {
  const name = `${from} to ${to}`;
  const set = (step: Type, body: object): Case =>
    post(`${name}: ${step}`, '/flow_runs/{run}/set_state', body);
  return [
    ...prepare(
      { ...create, name: `${name}: create` },
      ...WAY[from].map((step) => set(step, { state: { type: step } })),
    ),
    post(name, '/flow_runs/{run}/set_state', { state: { type: to }, force }, { view: outcome }),
    get(`${name}, then`, '/flow_runs/{run}', { view: AFTER }),
  ];
}

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
const deployed = post('', '/deployments/{d}/create_flow_run', {}, { save: { run: 'id' } });
const byHand = post(
  '',
  '/flow_runs/',
  { flow_id: '{flow}', state: { type: 'SCHEDULED' } },
  { save: { run: 'id' } },
);

const table = (name: string, force: boolean, create: Case): Scenario[] =>
  TYPES.map((from) => ({
    area: 'set-state-pairs',
    name: `${name} ${from}`,
    cases: [...make, ...TYPES.flatMap((to) => pair(from, to, force, create))],
  }));

export const SET_STATE_PAIRS: Scenario[] = [
  ...table('a run of a deployment that is', false, deployed),
  ...table('with force: a run of a deployment that is', true, deployed),
  ...table('a run by hand that is', false, byHand),
];
