import { type Case, del, eachOf, fields, patch, post, prepare, type Scenario } from '../../case.ts';

const POOL = '/work_pools/p-{tag}';
const order = (name: string): Case =>
  post(name, `${POOL}/queues/filter`, {}, { view: eachOf('name', 'priority') });
const queue = (name: string, priority?: number): Case =>
  post(
    `create ${name}${priority === undefined ? '' : ` at ${priority}`}`,
    `${POOL}/queues`,
    priority === undefined ? { name } : { name, priority },
    { save: { [name]: 'id' }, view: fields('name', 'priority') },
  );

const cases: Case[] = [
  ...prepare(post('make', '/work_pools/', { name: 'p-{tag}', type: 'process' })),
  queue('a'),
  queue('b'),
  queue('c', 1),
  order('c pushes the others back'),
  queue('d', 10),
  queue('e'),
  order('e fills the gap'),
  queue('f', 3),
  order('f pushes those behind it'),
  queue('g', 12),
  order('g leaves a gap'),
  patch('a to 1', `${POOL}/queues/a`, { priority: 1 }),
  order('a is first'),
  patch('a to 1 again', `${POOL}/queues/a`, { priority: 1 }),
  order('nothing moves'),
  patch('a to 10', '/work_queues/{a}', { priority: 10 }),
  order('a is at 10'),
  patch('b to 50', '/work_queues/{b}', { priority: 50 }),
  order('b is last'),
  queue('h'),
  order('h takes the smallest free number'),
  del('delete f', '/work_queues/{f}'),
  order('the others stay where they are'),
  queue('i', 3),
  order('i takes the place of f'),
  patch('d to where i is', '/work_queues/{d}', { priority: 3 }),
  order('d is where i was'),
];

export const PRIORITIES: Scenario[] = [{ area: 'queues', name: 'queue priorities', cases }];
