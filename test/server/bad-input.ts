import type { BadInput } from '../support/bad-input.ts';

export const SERVER_BAD_INPUT: readonly BadInput[] = [
  { what: 'broken JSON', path: '/work_pools/', body: '{"name": ' },
  { what: 'no JSON at all', path: '/work_pools/', body: 'hello' },
  { what: 'a list for an object', path: '/work_pools/', body: '[]' },
  {
    what: 'an unknown route',
    method: 'GET',
    path: '/flow_run',
    status: 404,
    code: 'route_not_found',
  },
  {
    what: 'a wrong method',
    method: 'DELETE',
    path: '/health',
    status: 405,
    code: 'method_not_allowed',
  },
  { what: 'brackets without end', path: '/work_pools/', body: () => '['.repeat(100_000) },
];
