import { type Case, del, fields, get, patch, post, type Scenario } from '../case.ts';

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

export const BLOCKS: Scenario[] = [{ area: 'blocks', name: 'blocks', cases }];
