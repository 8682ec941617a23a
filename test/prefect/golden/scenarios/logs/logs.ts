import { type Case, post, prepare, type Scenario } from '../../case.ts';
import { PAGES } from '../pages.ts';

const line = (
  message: string,
  level: number,
  time: string,
  more: object = { flow_run_id: '{run}' },
) => ({
  name: 'prefect.flow_runs',
  level,
  message,
  timestamp: time,
  ...more,
});
const messages = (lines: readonly { message: string }[]) => lines.map(({ message }) => message);
const own = { flow_run_id: { any_: ['{run}'] } };
const filter = (name: string, logs: object, more: object = {}): Case =>
  post(name, '/logs/filter', { logs, ...more }, { view: messages });

const cases: Case[] = [
  ...prepare(
    post('a flow', '/flows/', { name: 'f-{tag}' }, { save: { flow: 'id' } }),
    post('a run', '/flow_runs/', { flow_id: '{flow}' }, { save: { run: 'id' } }),
    post('another run', '/flow_runs/', { flow_id: '{flow}' }, { save: { other: 'id' } }),
  ),
  post('write', '/logs/', [
    line('one', 20, '{now-50}'),
    line('three', 40, '{now-30}'),
    line('two', 10, '{now-40}'),
    line('four ü\n🚀 {tag}', 30, '2026-01-01T10:00:00.123456+02:00'),
    line('of a task', 20, '{now-20}', { flow_run_id: '{run}', task_run_id: '{uuid:task}' }),
    line('of another', 20, '{now-15}', { flow_run_id: '{other}' }),
  ]),
  post('write nothing', '/logs/', []),
  post('write a line of nobody', '/logs/', [line('nobody', 20, '{now}', {})]),
  post('write with nulls', '/logs/', [
    line('nulls', 50, '{now-10}', { flow_run_id: '{other}', task_run_id: null }),
  ]),
  post('write an object', '/logs/', line('object', 20, '{now}')),
  post('write without a level', '/logs/', [{ name: 'x', message: 'm', timestamp: '{now}' }]),
  post('write with a level of a text', '/logs/', [{ ...line('x', 20, '{now}'), level: 'INFO' }]),
  post('write with an unknown key', '/logs/', [{ ...line('x', 20, '{now}'), colour: 'red' }]),
  post('write with a time that is none', '/logs/', [line('x', 20, 'soon')]),
  post('write with an id that is none', '/logs/', [
    line('x', 20, '{now}', { flow_run_id: 'seven' }),
  ]),
  filter('of a run', own),
  filter('of two runs', { flow_run_id: { any_: ['{run}', '{other}'] }, level: { ge_: 20 } }),
  filter('of no run', { flow_run_id: { any_: [] } }),
  filter('of a run that is not there', { flow_run_id: { any_: ['{uuid:no}'] } }),
  filter('newest first', own, { sort: 'TIMESTAMP_DESC' }),
  filter('by an order that there is not', own, { sort: 'COLOUR' }),
  filter('at least', { ...own, level: { ge_: 30 } }),
  filter('at most', { ...own, level: { le_: 20 } }),
  filter('between', { ...own, level: { ge_: 20, le_: 30 } }),
  filter('after', { ...own, timestamp: { after_: '{now-30}' } }),
  filter('before', { ...own, timestamp: { before_: '{now-40}' } }),
  filter('a time between', { ...own, timestamp: { after_: '{now-45}', before_: '{now-30}' } }),
  filter('of a task', { task_run_id: { any_: ['{uuid:task}'] } }),
  filter('of a task of the run', { ...own, task_run_id: { any_: ['{uuid:task}'] } }),
  filter('of no task', { ...own, task_run_id: { is_null_: true } }),
  filter('a text', { ...own, text: { query: 'three' } }),
  filter('a text that is not there', { ...own, text: { query: 'seven' } }),
  filter(
    'as the client sends it',
    { operator: 'and_', level: null, timestamp: null, ...own, task_run_id: null, text: null },
    { limit: null, offset: 0, sort: 'TIMESTAMP_ASC' },
  ),
  filter('what there is not', { ...own, colour: 'red' }),
  ...PAGES.map(([name, page]) => {
    const one = filter(name, own, page);
    return name === 'limit 201' ? { ...one, says: 'Invalid limit' } : one;
  }),
  post('whole', '/logs/filter', { logs: own, limit: 2 }),
  {
    name: 'download',
    method: 'GET',
    path: '/flow_runs/{run}/logs/download',
    view: (csv: string) => csv.split('\n').length,
  },
];

export const LOGS: Scenario[] = [{ area: 'logs', name: 'logs', cases }];
