import * as z from 'zod';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { RUN_SORTS } from '../../model/values/sorts.ts';
import {
  addressedName,
  anyName,
  isoText,
  limit,
  newLabels,
  offset,
  pageNumber,
  pageSchema,
  seconds,
  shortText,
  tagsOut,
  uuid,
  wholeTags,
} from '../fields/fields.ts';
import { whichRuns } from '../fields/run-filters.ts';
import { State, StateCreate } from '../states/schemas.ts';
import { jsonObject } from '../verbatim.ts';

const policyIn = z.strictObject({
  // Replaced by the two fields below; Prefect's clients still send zeros.
  max_retries: z.literal(0).nullish(),
  retry_delay_seconds: z.literal(0).nullish(),
  retries: z.number().int().min(0).nullish(),
  retry_delay: z.union([seconds, z.array(seconds).max(100)]).nullish(),
  // Ignored: the server keeps these itself, and Prefect's engines send back what they received.
  pause_keys: z.array(z.string()).nullish(),
  resuming: z.boolean().nullish(),
  retry_type: z.enum(['in_process', 'reschedule']).nullish(),
});

const runFields = {
  name: z.string().nullish().meta({ description: 'Omitted or empty: the server makes one up.' }),
  state: StateCreate.nullish(),
  parameters: jsonObject().nullish(),
  context: jsonObject().nullish(),
  tags: wholeTags.nullish(),
  labels: newLabels.nullish(),
  idempotency_key: z.string().nullish().meta({ description: 'Empty: none.' }),
  parent_task_run_id: uuid.nullish(),
  empirical_policy: policyIn.nullish(),
  job_variables: jsonObject().nullish(),
  work_queue_name: addressedName.nullish(),
  infrastructure_document_id: uuid.nullish(),
};

export const FlowRunCreate = z
  .strictObject({
    ...runFields,
    flow_id: uuid,
    deployment_id: uuid.nullish().meta({
      description:
        'The run counts as one of this deployment, but takes neither parameters nor a queue from it: use POST /api/deployments/{id}/create_flow_run for that.',
    }),
    flow_version: z.string().nullish(),
    work_pool_name: anyName.nullish(),
  })
  .meta({ id: 'FlowRunCreate' });

export const DeploymentFlowRunCreate = z
  .strictObject({ ...runFields, enforce_parameter_schema: z.boolean().nullish() })
  .meta({ id: 'DeploymentFlowRunCreate' });

export const FlowRunUpdate = z
  .strictObject({
    name: z.string().nullish(),
    flow_version: z.string().nullish(),
    parameters: jsonObject().nullish(),
    empirical_policy: policyIn.nullish(),
    tags: wholeTags.nullish(),
    infrastructure_pid: shortText.nullish(),
    job_variables: jsonObject().nullish(),
  })
  .meta({ id: 'FlowRunUpdate' });

/** The session that holds a run. */
export const Holder = z
  .object({
    session_id: z.string(),
    worker_name: z.string().nullable(),
  })
  .meta({ id: 'Holder' });

export const FlowRun = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    flow_id: z.string(),
    state_id: z.string(),
    state_type: z.enum(STATE_TYPES),
    state_name: z.string(),
    state: State.nullable(),
    deployment_id: z.string().nullable(),
    deployment_version: z.string().nullable(),
    work_queue_id: z.string().nullable(),
    work_queue_name: z.string().nullable(),
    work_pool_id: z.string().nullable(),
    work_pool_name: z.string().nullable(),
    flow_version: z.string().nullable(),
    parameters: jsonObject(),
    context: jsonObject(),
    idempotency_key: z.string().nullable(),
    empirical_policy: z.object({
      max_retries: z.number(),
      retry_delay_seconds: z.number(),
      retries: z.number().nullable(),
      retry_delay: z.union([z.number(), z.array(z.number())]).nullable(),
      pause_keys: z.array(z.string()),
      resuming: z.boolean(),
      retry_type: z.enum(['in_process', 'reschedule']).nullable(),
    }),
    tags: tagsOut,
    labels: jsonObject(),
    parent_task_run_id: z.string().nullable(),
    run_count: z.number(),
    expected_start_time: isoText,
    next_scheduled_start_time: isoText.nullable(),
    start_time: isoText.nullable(),
    end_time: isoText.nullable(),
    total_run_time: z.number(),
    estimated_run_time: z.number(),
    estimated_start_time_delta: z.number(),
    auto_scheduled: z.boolean(),
    infrastructure_document_id: z.string().nullable(),
    infrastructure_pid: z.string().nullable(),
    created_by: z
      .object({ id: z.string(), type: z.literal('SCHEDULE'), display_value: z.string() })
      .nullable(),
    job_variables: jsonObject(),
    attempt: z.number().meta({ description: 'How often the run has been claimed.' }),
    claimed_by: z
      .object({
        session_id: z.string(),
        worker_name: z.string().nullable().meta({ description: 'null: the worker gave no name.' }),
        claimed: isoText.nullable().meta({ description: 'null: no longer known.' }),
      })
      .nullable()
      .meta({ description: 'Who holds the run, and since when; null: nobody.' }),
  })
  .meta({ id: 'FlowRun' });

export const FlowRunsFilter = z
  .object({ ...whichRuns, sort: z.enum(RUN_SORTS).nullish(), limit, offset })
  .optional();

export const FlowRunsCount = z.object(whichRuns).optional();

/** Prefect's other way to page through runs: by page number. */
export const FlowRunsPaginate = z
  .object({ ...whichRuns, sort: z.enum(RUN_SORTS).nullish(), limit, page: pageNumber })
  .optional();

export const FlowRunsPage = pageSchema(FlowRun).meta({ id: 'FlowRunsPage' });

export const FlowRunsCreate = z.array(DeploymentFlowRunCreate);
export const FlowRunsCreated = z
  .object({
    results: z.array(
      z.object({
        flow_run_id: z.string().nullable(),
        status: z.enum(['CREATED', 'FAILED']),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'FlowRunsCreated' });
