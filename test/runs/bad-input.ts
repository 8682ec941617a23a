import { type BadInput, NO_ID } from '../support/bad-input.ts';

export const RUNS_BAD_INPUT: readonly BadInput[] = [
  {
    what: 'an unknown run',
    method: 'GET',
    path: `/flow_runs/${NO_ID}`,
    status: 404,
    code: 'flow_run_not_found',
  },
  {
    what: 'an id that is none',
    method: 'GET',
    path: '/flow_runs/seven',
    status: 404,
    code: 'route_not_found',
  },
  {
    what: 'labels that fill an item',
    path: ({ deploymentId }) => `/deployments/${deploymentId}/create_flow_run`,
    body: () => JSON.stringify({ labels: { x: 'x'.repeat(20_000) } }),
  },
  {
    what: 'a run that begins in a state without a type',
    path: ({ deploymentId }) => `/deployments/${deploymentId}/create_flow_run`,
    body: '{"state":{"name":"Paused"}}',
  },
  { what: 'a page too large', path: '/flow_runs/filter', body: '{"limit":201}' },
  {
    what: 'parameters that are no object',
    path: ({ deploymentId }) => `/deployments/${deploymentId}/create_flow_run`,
    body: '{"parameters":[1]}',
  },
  {
    what: 'parameters over 512 KiB',
    path: ({ deploymentId }) => `/deployments/${deploymentId}/create_flow_run`,
    body: () => JSON.stringify({ parameters: { x: 'x'.repeat(524_300) } }),
    code: 'payload_too_large',
  },
];
