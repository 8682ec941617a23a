import { type Case, del, fields, get, patch, post, prepare, type Scenario } from '../../case.ts';

const V2 = '/v2/concurrency_limits';
const TAGS = '/concurrency_limits';
const NONE = '00000000-0000-4000-8000-000000000000';
const shown = fields('name', 'limit', 'active', 'active_slots', 'slot_decay_per_second');
const made = fields(
  'name',
  'limit',
  'active',
  'active_slots',
  'denied_slots',
  'slot_decay_per_second',
  'avg_slot_occupancy_seconds',
);
const refused = () => 'refused';
const create = (name: string, body: object, save?: string): Case =>
  post(name, `${V2}/`, body, { view: made, ...(save ? { save: { [save]: 'id' } } : {}) });
const wrong = (name: string, body: unknown): Case => post(name, `${V2}/`, body, { view: refused });
const look = (name: string, limit: string): Case => get(name, `${V2}/${limit}`, { view: shown });
const taken = (body: readonly { name: string; limit: number }[]) =>
  Array.isArray(body) ? body.map(({ name, limit }) => `${name} ${limit}`).sort() : 'refused';
const take = (name: string, names: readonly string[], slots = 1, more: object = {}): Case =>
  post(name, `${V2}/increment`, { names, slots, mode: 'concurrency', ...more }, { view: taken });
const give = (name: string, names: readonly string[], slots = 1, more: object = {}): Case =>
  post(name, `${V2}/decrement`, { names, slots, ...more }, { view: taken });
const lease = (name: string, names: readonly string[], save: string, more: object = {}): Case =>
  post(
    name,
    `${V2}/increment-with-lease`,
    { names, slots: 1, mode: 'concurrency', lease_duration: 300, ...more },
    {
      view: ({ limits }: { limits: readonly { name: string; limit: number }[] }) => taken(limits),
      save: { [save]: 'lease_id' },
    },
  );
const back = (name: string, id: string): Case =>
  post(name, `${V2}/decrement-with-lease`, { lease_id: id });
const renew = (name: string, id: string, body: object = { lease_duration: 300 }): Case =>
  post(name, `${V2}/leases/${id}/renew`, body);

const records: Case[] = [
  create('with the least', { name: 'l-{tag}', limit: 3 }, 'l'),
  create('with everything', {
    name: 'm-{tag}',
    limit: 5,
    active: false,
    active_slots: 2,
    denied_slots: 1,
    slot_decay_per_second: 0.5,
  }),
  create('of none', { name: 'z-{tag}', limit: 0 }),
  wrong('a name that is taken', { name: 'l-{tag}', limit: 1 }),
  wrong('a negative limit', { name: 'n-{tag}', limit: -1 }),
  wrong('no limit', { name: 'n-{tag}' }),
  wrong('no name', { limit: 1 }),
  wrong('a name with a slash', { name: 'a/b', limit: 1 }),
  wrong('an unknown field', { name: 'n-{tag}', limit: 1, tag: 'x' }),
  look('by its name', 'l-{tag}'),
  look('by its id', '{l}'),
  look('another', 'm-{tag}'),
  get('none', `${V2}/none-{tag}`),
  get('none of an id', `${V2}/${NONE}`),
  patch('another limit', `${V2}/l-{tag}`, { limit: 4 }),
  patch('changed by its id', `${V2}/{l}`, { active: false }),
  patch('slots by hand', `${V2}/{l}`, { active_slots: 2, active: true }),
  look('changed', 'l-{tag}'),
  patch('another name', `${V2}/l-{tag}`, { name: 'k-{tag}' }),
  look('renamed', 'k-{tag}'),
  get('no more', `${V2}/l-{tag}`),
  patch('a negative limit later', `${V2}/k-{tag}`, { limit: -1 }, { view: refused }),
  patch('none to change', `${V2}/none-{tag}`, { limit: 1 }),
  del('deleted', `${V2}/k-{tag}`),
  del('deleted again', `${V2}/k-{tag}`),
  del('none to delete', `${V2}/${NONE}`),
];

const slots: Case[] = [
  ...prepare(
    create('two', { name: 'a-{tag}', limit: 2 }),
    create('one', { name: 'b-{tag}', limit: 1 }),
    create('not active', { name: 'c-{tag}', limit: 1, active: false }),
    create('a rate', { name: 'r-{tag}', limit: 2, slot_decay_per_second: 0.001 }),
  ),
  take('of one', ['a-{tag}']),
  look('one is out', 'a-{tag}'),
  take('of both', ['b-{tag}', 'a-{tag}']),
  look('two are out', 'a-{tag}'),
  take('when it is full', ['a-{tag}']),
  take('when one of both is full', ['r-{tag}', 'b-{tag}']),
  look('and took nothing of the other', 'r-{tag}'),
  take('of what is not active', ['c-{tag}']),
  look('which counts nothing', 'c-{tag}'),
  take('of what is not there', ['none-{tag}']),
  take('more than there are', ['a-{tag}'], 3),
  take('none', ['a-{tag}'], 0),
  take('of no name', []),
  take('in an unknown way', ['a-{tag}'], 1, { mode: 'fast' }),
  take('at a rate', ['r-{tag}'], 1, { mode: 'rate_limit' }),
  take('at a rate that is none', ['a-{tag}'], 1, { mode: 'rate_limit' }),
  look('one at that rate', 'r-{tag}'),
  give('one back', ['a-{tag}']),
  look('one is out again', 'a-{tag}'),
  give('both back', ['a-{tag}', 'b-{tag}'], 1, { occupancy_seconds: 3 }),
  look('none is out', 'a-{tag}'),
  give('more than are out', ['b-{tag}'], 5),
  look('none still', 'b-{tag}'),
  give('back what is not there', ['none-{tag}']),
  take('again', ['a-{tag}'], 2),
];

const leases: Case[] = [
  ...prepare(
    create('two', { name: 'a-{tag}', limit: 2 }),
    create('one', { name: 'b-{tag}', limit: 1 }),
  ),
  lease('of both', ['b-{tag}', 'a-{tag}'], 'x', { holder: { type: 'flow_run', id: NONE } }),
  lease('of one', ['a-{tag}'], 'y'),
  look('two are out', 'a-{tag}'),
  lease('when it is full', ['a-{tag}'], 'z'),
  renew('renewed', '{x}'),
  renew('renewed for a day', '{x}', { lease_duration: 86400 }),
  renew('for too short', '{x}', { lease_duration: 1 }),
  back('given back', '{x}'),
  look('one is out', 'a-{tag}'),
  look('and none of the other', 'b-{tag}'),
  back('given back again', '{x}'),
  look('one is out still', 'a-{tag}'),
  renew('what was given back', '{x}'),
  renew('what never was', NONE),
  back('what never was given', NONE),
  lease('of what is not there', ['none-{tag}'], 'n'),
  renew('a lease of nothing', '{n}'),
  back('nothing given back', '{n}'),
  lease('taken for too short', ['a-{tag}'], 'q', { lease_duration: 10 }),
];

const task = '33333333-3333-4333-8333-333333333333';
const other = '44444444-4444-4444-8444-444444444444';
const tagShown = fields('tag', 'concurrency_limit', 'active_slots');
const limitTag = (name: string, tag: string, limit: number, save = 't'): Case =>
  post(
    name,
    `${TAGS}/`,
    { tag, concurrency_limit: limit },
    { view: tagShown, save: { [save]: 'id' } },
  );
const lookTag = (name: string, tag = 't-{tag}'): Case =>
  get(name, `${TAGS}/tag/${tag}`, { view: tagShown });
const takeTag = (name: string, names: readonly string[], id: string): Case =>
  post(name, `${TAGS}/increment`, { names, task_run_id: id }, { view: taken });
const giveTag = (name: string, names: readonly string[], id: string): Case =>
  post(name, `${TAGS}/decrement`, { names, task_run_id: id }, { view: taken });
const tags: Case[] = [
  limitTag('a limit of one', 't-{tag}', 1),
  lookTag('read'),
  get('by its id', `${TAGS}/{t}`, { view: tagShown }),
  look('by its name', 'tag:t-{tag}'),
  takeTag('taken', ['t-{tag}'], task),
  lookTag('held'),
  takeTag('when it is full', ['t-{tag}'], other),
  limitTag('a limit of two', 't-{tag}', 2),
  takeTag('taken by another', ['t-{tag}', 'none-{tag}'], other),
  giveTag('given back', ['t-{tag}'], task),
  lookTag('held by the other'),
  giveTag('given back again', ['t-{tag}'], task),
  giveTag('by the other', ['t-{tag}'], other),
  lookTag('held by nobody'),
  limitTag('a limit of none', 'u-{tag}', 0, 'u'),
  takeTag('of none', ['u-{tag}'], task),
  takeTag('of no limit', ['none-{tag}'], task),
  post('reset', `${TAGS}/tag/t-{tag}/reset`, {}),
  post('reset none', `${TAGS}/tag/none-{tag}/reset`, {}),
  get('none', `${TAGS}/tag/none-{tag}`),
  get('none of an id', `${TAGS}/${NONE}`),
  post('without a limit', `${TAGS}/`, { tag: 'x' }, { view: refused }),
  post('of no task', `${TAGS}/increment`, { names: ['t-{tag}'] }, { view: refused }),
  del('deleted', `${TAGS}/tag/t-{tag}`),
  del('deleted again', `${TAGS}/tag/t-{tag}`),
  del('deleted by its id', `${TAGS}/{u}`),
  del('and again', `${TAGS}/{u}`),
];

export const NAMED_LIMITS: readonly Scenario[] = [
  { area: 'named-limits', name: 'limits by name', cases: records },
  { area: 'named-limits', name: 'slots of limits by name', cases: slots },
  { area: 'named-limits', name: 'leases of limits by name', cases: leases },
  { area: 'named-limits', name: 'limits by tag', cases: tags },
];
