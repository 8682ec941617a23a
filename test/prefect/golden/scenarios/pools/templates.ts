import { type Case, fields, patch, post, prepare, type Scenario } from '../../case.ts';

const variables = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  ...more,
});

const TEMPLATES: readonly (readonly [string, unknown])[] = [
  ['empty', {}],
  ['null', null],
  ['a list', []],
  ['only variables', { variables: variables({}) }],
  ['only a configuration', { job_configuration: {} }],
  ['both, empty', { variables: {}, job_configuration: {} }],
  ['variables without properties', { variables: { type: 'object' }, job_configuration: { a: 1 } }],
  [
    'a placeholder that is a variable',
    { variables: variables({ a: { type: 'string' } }), job_configuration: { x: '{{ a }}' } },
  ],
  [
    'a placeholder that is none',
    { variables: variables({ a: {} }), job_configuration: { x: '{{ b }}' } },
  ],
  [
    'a placeholder deep inside',
    { variables: variables({ a: {} }), job_configuration: { x: [{ y: '-{{ b }}-' }] } },
  ],
  [
    'a placeholder without blanks',
    { variables: variables({ a: {} }), job_configuration: { x: '{{a}}' } },
  ],
  [
    'two placeholders, one unknown',
    { variables: variables({ a: {} }), job_configuration: { x: '{{ a }} {{ b }}' } },
  ],
  [
    'a placeholder in a key',
    { variables: variables({ a: {} }), job_configuration: { '{{ b }}': 1 } },
  ],
  [
    'a placeholder of a block',
    { variables: variables({}), job_configuration: { x: '{{ prefect.blocks.secret.s }}' } },
  ],
  [
    'a placeholder of a variable',
    { variables: variables({}), job_configuration: { x: '{{ prefect.variables.v }}' } },
  ],
  [
    'a placeholder of the environment',
    { variables: variables({}), job_configuration: { x: '{{ $HOME }}' } },
  ],
  ['a third key', { variables: variables({}), job_configuration: {}, colour: 'red' }],
  ['properties that are a list', { variables: { properties: [] }, job_configuration: {} }],
  [
    'a default that is a missing block',
    {
      variables: variables({ a: { default: { $ref: { block_document_id: '{uuid:no}' } } } }),
      job_configuration: { x: '{{ a }}' },
    },
  ],
  [
    'a type that is none',
    { variables: variables({ a: { type: 'colour' } }), job_configuration: { x: '{{ a }}' } },
  ],
];

const VERBATIM =
  '{"name":"verbatim-{tag}","type":"process","base_job_template":{"variables":{"properties":{"z":{"default":1.0},"a":{"default":12345678901234567890}}},"job_configuration":{"z":"{{ z }}","a":"{{ a }}"}}}';

const cases: Case[] = [
  ...prepare(post('make', '/work_pools/', { name: 'p-{tag}', type: 'process' })),
  ...TEMPLATES.flatMap(([name, base_job_template], i) => [
    post(
      `create: ${name}`,
      '/work_pools/',
      { name: `c${i}-{tag}`, base_job_template },
      {
        view: fields('base_job_template'),
      },
    ),
    patch(`change: ${name}`, '/work_pools/p-{tag}', { base_job_template }),
  ]),
  post('numbers and order', '/work_pools/', undefined, {
    raw: VERBATIM,
    view: fields('base_job_template'),
  }),
];

export const TEMPLATE_SCENARIOS: Scenario[] = [{ area: 'pools', name: 'job templates', cases }];
