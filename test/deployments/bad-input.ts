import { type BadInput, NO_ID } from '../support/bad-input.ts';

export const DEPLOYMENTS_BAD_INPUT: readonly BadInput[] = [
  {
    what: 'an unknown flow',
    method: 'GET',
    path: `/flows/${NO_ID}`,
    status: 404,
    code: 'flow_not_found',
  },
  {
    what: 'an unknown deployment',
    path: `/deployments/${NO_ID}/create_flow_run`,
    body: '{}',
    status: 404,
    code: 'deployment_not_found',
  },
  {
    what: 'a schema that points nowhere',
    path: '/deployments/',
    body: ({ flowId }) =>
      JSON.stringify({
        name: 'x',
        flow_id: flowId,
        parameters: { a: 1 },
        enforce_parameter_schema: true,
        parameter_openapi_schema: { properties: { a: { $ref: '#/$defs/nowhere' } } },
      }),
  },
  { what: 'too many deployments at once', path: '/deployments/bulk_delete', body: '{"limit":51}' },
  { what: 'no flow at the most', path: '/flows/bulk_delete', body: '{"limit":0}' },
  { what: 'half a character in a name', path: '/flows/', body: '{"name":"\\ud800"}' },
];
