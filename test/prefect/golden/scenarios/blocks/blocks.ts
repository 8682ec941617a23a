import {
  type Case,
  del,
  fields,
  get,
  names,
  patch,
  post,
  prepare,
  type Scenario,
} from '../../case.ts';

const cases: Case[] = [
  get('a type that is not there', '/block_types/slug/no-{tag}'),
  get('a document that is not there', '/block_documents/{uuid:no}'),
  get('a schema that is not there', '/block_schemas/checksum/sha256:{tag}'),
  post(
    'a type',
    '/block_types/',
    {
      name: 'Kind {tag}',
      slug: 'kind-{tag}',
      description: 'd',
      logo_url: null,
      documentation_url: null,
      code_example: 'c',
    },
    { save: { type: 'id' } },
  ),
  post('a type again', '/block_types/', { name: 'Kind {tag}', slug: 'kind-{tag}' }),
  get('a type by slug', '/block_types/slug/kind-{tag}'),
  patch('change a type', '/block_types/{type}', { description: 'e' }),
  get('the changed type', '/block_types/slug/kind-{tag}', { view: fields('description', 'name') }),
  post(
    'a schema',
    '/block_schemas/',
    {
      block_type_id: '{type}',
      fields: {
        title: 'Kind {tag}',
        type: 'object',
        properties: { a: { type: 'integer' } },
        block_type_slug: 'kind-{tag}',
        block_schema_references: {},
      },
      capabilities: ['c'],
      version: '1.0',
    },
    {
      save: { schema: 'id', checksum: 'checksum' },
      view: fields('id', 'fields', 'capabilities', 'version', 'block_type_id'),
    },
  ),
  post(
    'a schema again',
    '/block_schemas/',
    {
      block_type_id: '{type}',
      fields: {
        title: 'Kind {tag}',
        type: 'object',
        properties: { a: { type: 'integer' } },
        block_type_slug: 'kind-{tag}',
        block_schema_references: {},
      },
      capabilities: ['c'],
      version: '1.0',
    },
    { view: fields('id') },
  ),
  get('a schema by its checksum', '/block_schemas/checksum/{checksum}', {
    view: fields('id', 'version'),
  }),
  post(
    'a document',
    '/block_documents/',
    {
      name: 'doc-{tag}',
      data: { a: 1, z: 'y' },
      block_schema_id: '{schema}',
      block_type_id: '{type}',
      is_anonymous: false,
    },
    {
      save: { doc: 'id' },
      view: fields(
        'id',
        'name',
        'data',
        'block_schema_id',
        'block_type_id',
        'block_type_name',
        'is_anonymous',
        'block_document_references',
      ),
    },
  ),
  post('a document again', '/block_documents/', {
    name: 'doc-{tag}',
    data: { a: 2 },
    block_schema_id: '{schema}',
    block_type_id: '{type}',
  }),
  post('a document with an odd name', '/block_documents/', {
    name: 'Doc /',
    data: {},
    block_schema_id: '{schema}',
    block_type_id: '{type}',
  }),
  get('read', '/block_documents/{doc}', { view: fields('name', 'data') }),
  get('read with secrets', '/block_documents/{doc}?include_secrets=true', {
    view: fields('name', 'data'),
  }),
  get('by type and name', '/block_types/slug/kind-{tag}/block_documents/name/doc-{tag}', {
    view: fields('id', 'data'),
  }),
  get('by a name that is not there', '/block_types/slug/kind-{tag}/block_documents/name/no'),
  patch('change', '/block_documents/{doc}', { data: { a: 3 } }),
  get('the changed', '/block_documents/{doc}', { view: fields('data') }),
  del('delete', '/block_documents/{doc}'),
  del('delete again', '/block_documents/{doc}'),
  get('read the deleted', '/block_documents/{doc}'),
];

const type = (of: string): Case[] => [
  post(
    `type ${of}`,
    '/block_types/',
    { name: `${of} {tag}`, slug: `${of}-{tag}` },
    { save: { [`type_${of}`]: 'id' } },
  ),
  post(
    `schema ${of}`,
    '/block_schemas/',
    {
      block_type_id: `{type_${of}}`,
      fields: {
        title: `${of} {tag}`,
        type: 'object',
        properties: { s: { type: 'string', format: 'password', writeOnly: true } },
        secret_fields: ['s'],
        block_type_slug: `${of}-{tag}`,
        block_schema_references: {},
      },
      capabilities: of === 'q' ? ['read', 'write'] : ['read'],
      version: '1.0',
    },
    { save: { [`schema_${of}`]: 'id' } },
  ),
];
const document = (name: string, of: string, more: object = {}): Case =>
  post(
    `document ${name}`,
    '/block_documents/',
    {
      name: `${name}-{tag}`,
      data: { s: 'secret' },
      block_schema_id: `{schema_${of}}`,
      block_type_id: `{type_${of}}`,
      ...more,
    },
    { save: { [`doc_${name}`]: 'id' } },
  );

const mine = { slug: { any_: ['p-{tag}', 'q-{tag}'] } };
/** Filters for these block types only, because a server also has others. */
const those = (more: object = {}) => ({ block_types: mine, ...more });
const LISTS: readonly (readonly [string, object])[] = [
  ['all', those()],
  ['last name first', those({ sort: 'NAME_DESC' })],
  ['by type, then name', those({ sort: 'BLOCK_TYPE_AND_NAME_ASC' })],
  ['a page', those({ limit: 2, offset: 1 })],
  ['one type', { block_types: { slug: { any_: ['p-{tag}'] } } }],
  ['a type by a part of its name', { block_types: { name: { like_: 'Q {tag}' } } }],
  ['by name', those({ block_documents: { name: { any_: ['b-{tag}', 'none'] } } })],
  ['by a part of the name', those({ block_documents: { name: { like_: 'C-{tag}' } } })],
  ['by id', { block_documents: { id: { any_: ['{doc_a}', '{uuid:no}'] } } }],
  ['by the id of a type', { block_documents: { block_type_id: { any_: ['{type_q}'] } } }],
  ['none but named ones', those({ block_documents: { is_anonymous: { eq_: false } } })],
  ['of what can do more', those({ block_schemas: { block_capabilities: { all_: ['write'] } } })],
  [
    'of what can do both',
    those({ block_schemas: { block_capabilities: { all_: ['read', 'write'] } } }),
  ],
  ['of what can do all', those({ block_schemas: { block_capabilities: { all_: ['read'] } } })],
];
const WRONG: readonly (readonly [string, object])[] = [
  ['an unknown sort', { sort: 'AGE' }],
  ['a limit below 0', { limit: -1 }],
  ['what is no id', { block_documents: { id: { any_: ['x'] } } }],
  ['an unknown key of a filter', { block_documents: { colour: 'red' } }],
];
const listed: Case[] = [
  ...prepare(
    ...type('p'),
    ...type('q'),
    document('c', 'p'),
    document('a', 'q'),
    document('b', 'p'),
    document('d', 'q'),
  ),
  ...LISTS.map(([name, body]) => post(name, '/block_documents/filter', body, { view: names })),
  post('with secrets hidden', '/block_documents/filter', those({ limit: 1 }), {
    view: (body: readonly { data: unknown }[]) => body.map(({ data }) => data),
  }),
  post('with secrets', '/block_documents/filter', those({ limit: 1, include_secrets: true }), {
    view: (body: readonly { data: unknown }[]) => body.map(({ data }) => data),
  }),
  ...WRONG.map(([name, body]) => post(name, '/block_documents/filter', body)),
  ...LISTS.filter(([name]) => !/page|first|then/.test(name)).map(([name, body]) =>
    post(`count ${name}`, '/block_documents/count', body),
  ),
];

export const BLOCKS: Scenario[] = [
  { area: 'blocks', name: 'blocks', cases },
  { area: 'blocks', name: 'documents of blocks', cases: listed },
];
