/**
 * The stable codes of all errors. A code is never reused for another error; docs/errors.md explains
 * each. The HTTP status of each code is in api/errors.ts.
 */
export const ERROR_CODES = [
  'invalid_request',
  'media_type_unsupported',
  'host_refused',
  'origin_refused',
  'api_version_invalid',
  'api_key_missing',
  'api_key_refused',
  'role_forbidden',
  'pool_forbidden',
  'api_key_not_found',
  'first_key_is_admin',
  'last_admin_key',
  'route_not_found',
  'method_not_allowed',
  'work_pool_not_found',
  'work_pool_exists',
  'work_pool_name_reserved',
  'work_queue_not_found',
  'work_queue_exists',
  'work_queue_is_default',
  'worker_not_found',
  'flow_not_found',
  'deployment_not_found',
  'deployment_has_no_pool',
  'schedule_not_found',
  'schedule_slug_taken',
  'flow_run_not_found',
  'flow_run_not_scheduled',
  'flow_run_not_held',
  'concurrency_limit_not_found',
  'concurrency_limit_exists',
  'concurrency_slots_taken',
  'lease_lost',
  'variable_not_found',
  'variable_exists',
  'saved_search_not_found',
  'artifact_not_found',
  'automation_not_found',
  'view_not_found',
  'too_many_runs',
  'flow_missing',
  'task_run_missing',
  'block_missing',
  'block_type_not_found',
  'block_type_exists',
  'block_type_name_reserved',
  'block_type_protected',
  'block_schema_not_found',
  'block_schema_of_other_type',
  'block_document_not_found',
  'block_document_exists',
  'block_reference_invalid',
  'block_not_writable',
  'flow_run_state_not_found',
  'run_input_not_found',
  'run_input_exists',
  'task_run_not_found',
  'task_run_exists',
  'task_run_state_not_found',
  'parameters_invalid',
  'parameter_template_invalid',
  'job_variables_invalid',
  'template_invalid',
  'payload_too_large',
  'filter_too_broad',
  'reply_too_large',
  'session_ended',
  'name_in_use',
  'claim_lost',
  'not_supported',
  'too_busy',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error with a stable code. `message` says what was expected and what was found. */
export class DibsError extends Error {
  override readonly name = 'DibsError';
  readonly code: ErrorCode;
  /** What the caller can do about it. */
  readonly hint: string | undefined;
  /** More fields of the error body, such as the current holder of a run. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    more: { hint?: string; facts?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
    this.facts = more.facts ?? {};
  }
}

export const poolNotFound = (name: string) =>
  new DibsError('work_pool_not_found', `Work pool "${name}" not found.`);

export const queueNotFound = (pool: string, queue: string) =>
  new DibsError('work_queue_not_found', `Work pool queue '${pool}/${queue}' not found.`);

/** For a queue looked up by its id, in Prefect's words. */
export const queueIdNotFound = () => new DibsError('work_queue_not_found', 'Work queue not found');

export const runNotFound = () => new DibsError('flow_run_not_found', 'Flow run not found');
export const taskRunNotFound = () => new DibsError('task_run_not_found', 'Task not found');
export const flowNotFound = () => new DibsError('flow_not_found', 'Flow not found');
/** For a new record that names a flow: Prefect answers 409 if the flow does not exist. */
export const flowMissing = () => new DibsError('flow_missing', 'Flow not found');
export const taskRunMissing = () =>
  new DibsError('task_run_missing', 'The parent task run was not found.');
export const deploymentNotFound = () =>
  new DibsError('deployment_not_found', 'Deployment not found');

export const queueWithoutPool = () =>
  new DibsError('not_supported', 'A run in a work queue without a work pool is not supported.', {
    hint: 'Name the work pool, too.',
  });

export const sessionEnded = () =>
  new DibsError('session_ended', 'This session has ended, or was never opened here.', {
    hint: 'Stop the runs that it started, report nothing for it, and open a new session.',
  });
