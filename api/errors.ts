import type { ErrorCode } from '../core/errors.ts';

/** The HTTP status of every error code. */
export const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_request: 422,
  route_not_found: 404,
  method_not_allowed: 405,
  work_pool_not_found: 404,
  work_pool_exists: 409,
  work_pool_name_reserved: 403,
  work_queue_not_found: 404,
  work_queue_exists: 409,
  work_queue_is_default: 409,
  worker_not_found: 404,
  flow_not_found: 404,
  deployment_not_found: 404,
  deployment_has_no_pool: 400,
  flow_run_not_found: 404,
  flow_run_not_scheduled: 400,
  flow_run_not_held: 409,
  parameters_invalid: 409,
  job_variables_invalid: 409,
  template_invalid: 422,
  payload_too_large: 422,
  filter_too_broad: 422,
  session_ended: 410,
  name_in_use: 409,
  claim_lost: 409,
  not_supported: 501,
  // Prefect's clients try again after 503, and never after 500 or 504.
  too_busy: 503,
  unavailable: 503,
  internal: 500,
};

/** What to do, where the error itself does not say. */
export const HINT: Readonly<Partial<Record<ErrorCode, string>>> = {
  work_pool_not_found: 'List the pools with POST /api/work_pools/filter, or create this one.',
  work_pool_exists: 'Choose another name, or change the existing pool with PATCH.',
  work_pool_name_reserved: 'Choose a name that does not start with "prefect".',
  template_invalid: 'Send {}, or job_configuration and variables that fit each other.',
  work_queue_not_found: 'List the queues with POST /api/work_pools/{name}/queues/filter.',
  work_queue_exists: 'Choose another name, or change the existing queue with PATCH.',
  work_queue_is_default: 'Pause it, or delete its work pool.',
  worker_not_found: 'List the workers with POST /api/work_pools/{name}/workers/filter.',
  flow_not_found: 'Create the flow first: POST /api/flows/ with its name.',
  deployment_not_found: 'List the deployments with POST /api/deployments/filter.',
  flow_run_not_found: 'Check the id; runs are deleted some time after they ended.',
  flow_run_not_held: 'GET /api/flow_runs/{id}/claims says who had it, and why not any longer.',
  flow_run_not_scheduled: 'Change the deployment, for runs to come.',
  route_not_found: 'See /api/openapi.json for every route.',
  too_busy: 'Ask again in a moment.',
  internal: 'This is a fault of the server; its log has more under this request id.',
};
