import * as z from 'zod';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { TASK_RUN_SORTS } from '../../model/values/sorts.ts';
import {
  isoText,
  labels,
  limit,
  offset,
  pageNumber,
  pageSchema,
  seconds,
  tagsOut,
  timestamp,
  uuid,
  wholeTags,
} from '../fields/fields.ts';
import { whichRuns } from '../fields/run-filters.ts';
import { State, StateCreate } from '../states/schemas.ts';
import { jsonObject } from '../verbatim.ts';

const policyIn = z.strictObject({
  max_retries: z.number().int().nullish(),
  retry_delay_seconds: seconds.nullish(),
  retries: z.number().int().min(0).nullish(),
  retry_delay: z.union([seconds, z.array(seconds).max(50)]).nullish(),
  retry_jitter_factor: z.number().min(0).nullish(),
});

export const TaskRunCreate = z
  .strictObject({
    id: uuid.nullish(),
    state: StateCreate.nullish(),
    name: z.string().min(1).nullish(),
    flow_run_id: uuid.nullish(),
    task_key: z.string(),
    dynamic_key: z.string(),
    cache_key: z.string().nullish(),
    cache_expiration: timestamp.nullish(),
    task_version: z.string().nullish(),
    empirical_policy: policyIn.nullish(),
    tags: wholeTags.nullish(),
    labels: labels.nullish(),
    task_inputs: jsonObject(NUMBERS.taskInputsBytes).nullish(),
  })
  .meta({ id: 'TaskRunCreate' });

export const TaskRunUpdate = z
  .strictObject({ name: z.string().min(1).nullish() })
  .meta({ id: 'TaskRunUpdate' });

export const TaskRun = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    flow_run_id: z.string().nullable(),
    task_key: z.string(),
    dynamic_key: z.string(),
    cache_key: z.string().nullable(),
    cache_expiration: isoText.nullable(),
    task_version: z.string().nullable(),
    empirical_policy: z.object({
      max_retries: z.number(),
      retry_delay_seconds: z.number(),
      retries: z.number().nullable(),
      retry_delay: z.union([z.number(), z.array(z.number())]).nullable(),
      retry_jitter_factor: z.number().nullable(),
    }),
    tags: tagsOut,
    labels: jsonObject(),
    task_inputs: jsonObject(),
    state_id: z.string(),
    state_type: z.enum(STATE_TYPES),
    state_name: z.string(),
    state: State,
    run_count: z.number(),
    flow_run_run_count: z.number(),
    expected_start_time: isoText,
    next_scheduled_start_time: isoText.nullable(),
    start_time: isoText.nullable(),
    end_time: isoText.nullable(),
    total_run_time: z.number(),
    estimated_run_time: z.number(),
    estimated_start_time_delta: z.number(),
  })
  .meta({ id: 'TaskRun' });

const { flow_runs, flows, task_runs, deployments } = whichRuns;
const whichTaskRuns = { flow_runs, flows, task_runs, deployments };
const sort = z.enum(TASK_RUN_SORTS).nullish();

export const TaskRunsFilter = z.object({ ...whichTaskRuns, sort, limit, offset }).optional();
export const TaskRunsCount = z.object(whichTaskRuns).optional();
export const TaskRunsPaginate = z
  .object({ ...whichTaskRuns, sort, limit, page: pageNumber })
  .optional();
export const TaskRunsPage = pageSchema(TaskRun).meta({ id: 'TaskRunsPage' });

export const TaskRunSetState = z.object({ state: StateCreate, force: z.boolean().nullish() });
