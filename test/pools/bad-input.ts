import type { BadInput } from '../support/bad-input.ts';

export const POOLS_BAD_INPUT: readonly BadInput[] = [
  { what: 'a pool that an address cannot name', path: '/work_pools/', body: '{"name": "etl?"}' },
  { what: 'a missing field', path: '/work_pools/', body: '{}' },
  { what: 'a wrong type', path: '/work_pools/', body: '{"name": 3}' },
  { what: 'an unknown field', path: '/work_pools/', body: '{"name":"x","nmae":1}' },
  { what: 'an empty name', path: '/work_pools/', body: '{"name":""}' },
  { what: 'a name with a slash', path: '/work_pools/', body: '{"name":"a/b"}' },
  { what: 'a name of blanks', path: '/work_pools/', body: '{"name":"  "}' },
  {
    what: 'a name longer than a key',
    path: '/work_pools/',
    body: JSON.stringify({ name: 'é'.repeat(600) }),
  },
  {
    what: 'a reserved name',
    path: '/work_pools/',
    body: '{"name":"Prefect-x"}',
    status: 403,
    code: 'work_pool_name_reserved',
  },
  {
    what: 'a template without variables',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{}}}',
    code: 'template_invalid',
  },
  {
    what: 'a template with an unknown variable',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ nope }}"},"variables":{"properties":{}}}}',
    code: 'template_invalid',
  },
  {
    what: 'a limit of more slots than can be looked at',
    path: '/work_pools/',
    body: '{"name":"t","concurrency_limit":10001}',
  },
  {
    what: 'an unknown pool',
    method: 'GET',
    path: '/work_pools/nope',
    status: 404,
    code: 'work_pool_not_found',
  },
  {
    what: 'an unknown queue',
    method: 'GET',
    path: ({ pool }) => `/work_pools/${pool}/queues/nope`,
    status: 404,
    code: 'work_queue_not_found',
  },
  {
    what: 'a template whose variables are null',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ b }}"},"variables":null}}',
    code: 'template_invalid',
  },
  {
    what: 'a template whose default is of another type',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ a }}"},"variables":{"properties":{"a":{"type":"integer","default":"many"}}}}}',
    code: 'template_invalid',
  },
  {
    what: 'a template whose default is a block under no id',
    path: '/work_pools/',
    body: '{"name":"t","base_job_template":{"job_configuration":{"a":"{{ a }}"},"variables":{"properties":{"a":{"default":{"$ref":{"block_document_id":"mine"}}}}}}}',
    status: 404,
    code: 'block_document_not_found',
  },
  {
    what: 'a name in a path longer than a key',
    method: 'GET',
    path: `/work_pools/${'x'.repeat(2000)}`,
  },
];
