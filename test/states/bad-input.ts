import { type BadInput, NO_ID } from '../support/bad-input.ts';

export const STATES_BAD_INPUT: readonly BadInput[] = [
  {
    what: 'a state for an unknown run',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: '{"state":{"type":"RUNNING"}}',
    status: 404,
    code: 'flow_run_not_found',
  },
  {
    what: 'an unknown state type',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: '{"state":{"type":"DONE"}}',
  },
  {
    what: 'a time that is none',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"soon"}}}',
  },
  {
    what: 'a time before there were any',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"1960-01-01T00:00:00Z"}}}',
  },
  {
    what: 'a time that no clock will show',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"9999-12-31T00:00:00Z"}}}',
  },
  {
    what: 'a state whose data is nested without end',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: () => `{"state":{"type":"COMPLETED","data":${'['.repeat(2000)}${']'.repeat(2000)}}}`,
  },
  {
    what: 'data of a state that would not fit a reply',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: () => JSON.stringify({ state: { type: 'COMPLETED', data: 'x'.repeat(3_200_000) } }),
    status: 404,
    code: 'flow_run_not_found',
  },
  {
    what: 'February 30th',
    path: `/flow_runs/${NO_ID}/set_state`,
    body: '{"state":{"type":"SCHEDULED","state_details":{"scheduled_time":"2026-02-30T00:00:00Z"}}}',
  },
];
