import type * as z from 'zod';
import type { DeploymentFlowRunCreate } from '../../api/runs/schemas.ts';
import { isScheduled } from '../../model/runs/state.ts';

type NewRun = z.output<typeof DeploymentFlowRunCreate>;
type NewState = NonNullable<NewRun['state']>;

/** Whether each field of a record has a value that the caller may choose. */
type Free<T> = { readonly [Field in keyof T]-?: (value: T[Field]) => boolean };

const any = () => true;
const none = (value: unknown): boolean =>
  value == null || value === false || value === 0 || (Array.isArray(value) && value.length === 0);

/** The run starts by waiting. A run that started as held would take slots. */
const STATE: Free<NewState> = {
  type: isScheduled,
  name: (name) => name == null || name === 'Scheduled',
  message: any,
  data: none,
  state_details: (details) =>
    Object.entries(details ?? {}).every(([key, value]) => DETAILS.has(key) || none(value)),
};

/** The start time, and what only says where a run comes from. */
const DETAILS = new Set(['scheduled_time', 'traceparent', 'transition_id']);

/**
 * What run_deployment() in a flow sends: it says what a run works on, but not how or where it is
 * executed. A field that is not named here does not compile, so every new one is decided.
 */
const RUN: Free<NewRun> = {
  name: any,
  parameters: any,
  context: any,
  tags: any,
  labels: any,
  state: (state) => state == null || isFree(STATE, state),
  // Checked by themselves.
  idempotency_key: any,
  parent_task_run_id: any,
  empirical_policy: (policy) => Object.values(policy ?? {}).every(none),
  // The deployment's owner decides whether parameters must fit its schema.
  enforce_parameter_schema: (enforced) => enforced !== false,
  job_variables: none,
  infrastructure_document_id: none,
  work_queue_name: none,
};

/** Whether a new run of a deployment is one that run_deployment() could create. */
export const isAsRunDeployment = (run: NewRun): boolean => isFree(RUN, run);

function isFree<T extends object>(free: Free<T>, value: T): boolean {
  return (Object.keys(free) as Array<keyof T>).every((field) => free[field](value[field]));
}
