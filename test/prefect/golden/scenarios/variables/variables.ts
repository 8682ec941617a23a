import { type Case, del, get, names, patch, post, prepare, type Scenario } from '../../case.ts';

const AMOUNTS: readonly (readonly [string, unknown])[] = [
  ['a text', 'hello'],
  ['an empty text', ''],
  ['a number', 42],
  ['a fraction', 1.5],
  ['true', true],
  ['null', null],
  ['a list', [1, 'a', { b: null }]],
  ['an object', { a: { b: [1, 2] } }],
];

const NAMES: readonly (readonly [string, unknown])[] = [
  ['capitals', 'A-{tag}'],
  ['a blank', 'a b'],
  ['a dot', 'a.b'],
  ['an underscore first', '_a-{tag}'],
  ['a digit first', '1-a-{tag}'],
  ['nothing', ''],
  ['null', null],
  ['a number', 7],
  ['256 characters', 'a'.repeat(256)],
];

const creates: Case[] = [
  post('create', '/variables/', { name: 'v-{tag}', value: 1 }, { save: { v: 'id' } }),
  post('create again', '/variables/', { name: 'v-{tag}', value: 2 }),
  ...AMOUNTS.flatMap(([what, value], i) => [
    post(`with ${what}`, '/variables/', { name: `v${i}-{tag}`, value, tags: ['b', 'a'] }),
    get(`read ${what}`, `/variables/name/v${i}-{tag}`),
  ]),
  ...NAMES.map(([what, name]) => post(`a name of ${what}`, '/variables/', { name, value: 1 })),
  post('without a value', '/variables/', { name: 'w-{tag}' }),
  post('with a long value', '/variables/', { name: 'l-{tag}', value: 'x'.repeat(5001) }),
  post('with an unknown key', '/variables/', { name: 'u-{tag}', value: 1, colour: 'red' }),
  post('with tags that are no list', '/variables/', { name: 'u-{tag}', value: 1, tags: 'a' }),
  get('by id', '/variables/{v}'),
  get('by an id that nobody has', '/variables/{uuid:no}'),
  get('by what is no id', '/variables/seven'),
  get('by a name that nobody has', '/variables/name/no-{tag}'),
];

const changes: Case[] = [
  ...prepare(
    post('make', '/variables/', { name: 'a-{tag}', value: 1 }, { save: { a: 'id' } }),
    post('make b', '/variables/', { name: 'b-{tag}', value: 1 }),
  ),
  patch('a value', '/variables/{a}', { value: { n: 2 } }),
  get('has it', '/variables/{a}'),
  patch('null', '/variables/{a}', { value: null }),
  patch('by name', '/variables/name/a-{tag}', { value: 3, tags: ['t'] }),
  get('has both', '/variables/name/a-{tag}'),
  patch('a name', '/variables/{a}', { name: 'c-{tag}' }),
  get('the new name', '/variables/name/c-{tag}'),
  get('the old name', '/variables/name/a-{tag}'),
  get('its id', '/variables/{a}'),
  patch('a name that is taken', '/variables/{a}', { name: 'b-{tag}' }),
  patch('a name that is none', '/variables/{a}', { name: 'B b' }),
  patch('nothing', '/variables/{a}', {}),
  patch('an unknown key', '/variables/{a}', { colour: 'red' }),
  patch('one that nobody has', '/variables/{uuid:no}', { value: 1 }),
  patch('a name that nobody has', '/variables/name/no-{tag}', { value: 1 }),
  del('delete', '/variables/{a}'),
  del('delete again', '/variables/{a}'),
  get('it is gone', '/variables/name/c-{tag}'),
  del('delete by name', '/variables/name/b-{tag}'),
  del('delete by name again', '/variables/name/b-{tag}'),
  post('create what was deleted', '/variables/', { name: 'b-{tag}', value: 1 }),
];

const mine = (more: object = {}) => ({ name: { like_: '{tag}' }, ...more });
const LISTS: readonly (readonly [string, object])[] = [
  ['by a part of the name', { variables: mine() }],
  ['latest first', { variables: mine(), sort: 'CREATED_DESC' }],
  ['by name, backwards', { variables: mine(), sort: 'NAME_DESC' }],
  ['the first one', { variables: mine(), limit: 1 }],
  ['the second one', { variables: mine(), limit: 1, offset: 1 }],
  ['by names', { variables: { name: { any_: ['x-{tag}', 'z-{tag}', 'none'] } } }],
  ['by ids', { variables: { id: { any_: ['{x}'] } } }],
  ['by tags', { variables: mine({ tags: { all_: ['t'] } }) }],
  ['without tags', { variables: mine({ tags: { is_null_: true } }) }],
  [
    'with either',
    { variables: { operator: 'or_', id: { any_: ['{x}'] }, name: { any_: ['y-{tag}'] } } },
  ],
  ['by no name', { variables: { name: { any_: [] } } }],
];

const lists: Case[] = [
  ...prepare(
    post(
      'make x',
      '/variables/',
      { name: 'x-{tag}', value: 1, tags: ['t', 'u'] },
      { save: { x: 'id' } },
    ),
    post('make z', '/variables/', { name: 'z-{tag}', value: 1, tags: ['u'] }),
    post('make y', '/variables/', { name: 'y-{tag}', value: 1 }),
  ),
  ...LISTS.map(([name, body]) => post(name, '/variables/filter', body, { view: names })),
  ...LISTS.map(([name, { variables }]: readonly [string, { variables?: object }]) =>
    post(`count ${name}`, '/variables/count', { variables }),
  ).slice(0, 1),
  post('count by tags', '/variables/count', { variables: mine({ tags: { all_: ['u'] } }) }),
  post('an unknown sort', '/variables/filter', { sort: 'BY_LUCK' }),
  post('an unknown criterion', '/variables/filter', { variables: { colour: { any_: ['red'] } } }),
  post('too many', '/variables/filter', { limit: 201 }),
];

export const VARIABLES: readonly Scenario[] = [
  { area: 'variables', name: 'create variables', cases: creates },
  { area: 'variables', name: 'change variables', cases: changes },
  { area: 'variables', name: 'list variables', cases: lists },
];
