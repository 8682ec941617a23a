import * as z from 'zod';
import { COLLISION_STRATEGIES } from '../../model/limits.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { RECORD_SORTS } from '../../model/values/sorts.ts';
import {
  addressedName,
  anyName,
  cutTo,
  isoText,
  limit,
  longText,
  nameOrNone,
  newLabels,
  offset,
  pageNumber,
  pageSchema,
  tags,
  tagsOut,
  uuid,
} from '../fields/fields.ts';
import {
  DeploymentFilter,
  FlowFilter,
  WorkPoolFilter,
  WorkQueueFilter,
} from '../fields/filters.ts';
import { havingRuns } from '../fields/run-filters.ts';
import { Schedule, ScheduleRule, ScheduleUpdate } from '../schedules/schemas.ts';
import { jsonArray, jsonObject } from '../verbatim.ts';

/** Ignored, as in Prefect: clients older than 3.0 send these fields. */
const dropped = z.unknown().optional().meta({ deprecated: true });

/** Fields that Prefect 2's clients send under other names. */
const ofPrefect2 = {
  worker_pool_queue_id: dropped,
  worker_pool_name: dropped,
  worker_pool_queue_name: dropped,
  work_pool_queue_name: dropped,
  manifest_path: dropped,
  infra_overrides: jsonObject().nullish().meta({ deprecated: true }),
  schedule: ScheduleRule.nullish().meta({ deprecated: true }),
  is_schedule_active: z.boolean().nullish().meta({ deprecated: true }),
};

const changeable = {
  version: cutTo(NUMBERS.shortText).nullish(),
  version_info: z.looseObject({ type: z.string(), version: z.string() }).nullish(),
  description: cutTo(NUMBERS.longText).nullish(),
  paused: z.boolean().nullish(),
  schedules: z.array(ScheduleUpdate).max(NUMBERS.schedules).nullish(),
  concurrency_limit: z.number().int().min(1).max(NUMBERS.slotsAtMost).nullish(),
  concurrency_options: z
    .strictObject({
      collision_strategy: z.enum(COLLISION_STRATEGIES),
      grace_period_seconds: z.number().int().min(60).max(86_400).nullish(),
    })
    .nullish(),
  global_concurrency_limit_id: uuid.nullish(),
  parameters: jsonObject().nullish(),
  tags: tags.nullish(),
  work_pool_name: anyName.nullish(),
  work_queue_name: addressedName.nullish(),
  job_variables: jsonObject().nullish(),
  parameter_openapi_schema: jsonObject().nullish(),
  enforce_parameter_schema: z.boolean().nullish(),
  path: longText.nullish(),
  entrypoint: longText.nullish(),
  pull_steps: jsonArray().nullish(),
  storage_document_id: uuid.nullish(),
  infrastructure_document_id: uuid.nullish(),
  ...ofPrefect2,
};

const oneLimit = {
  holds: (body: { concurrency_limit?: unknown; global_concurrency_limit_id?: unknown }) =>
    body.concurrency_limit == null || body.global_concurrency_limit_id == null,
  error: 'A deployment cannot have both a concurrency limit and a global concurrency limit.',
};

export const DeploymentCreate = z
  .strictObject({ name: nameOrNone, flow_id: uuid, ...changeable, labels: newLabels.nullish() })
  .refine(oneLimit.holds, oneLimit.error)
  .meta({ id: 'DeploymentCreate' });

export const DeploymentUpdate = z
  .strictObject(changeable)
  .refine(oneLimit.holds, oneLimit.error)
  .meta({ id: 'DeploymentUpdate' });

export const Deployment = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    version: z.string().nullable(),
    description: z.string().nullable(),
    flow_id: z.string(),
    paused: z.boolean(),
    schedules: z.array(Schedule),
    concurrency_limit: z.null(),
    global_concurrency_limit: z
      .object({
        id: z.string(),
        created: isoText,
        updated: isoText,
        name: z.string(),
        limit: z.number(),
        active: z.boolean(),
        active_slots: z.number(),
        slot_decay_per_second: z.number(),
      })
      .nullable(),
    concurrency_options: z
      .object({
        collision_strategy: z.enum(COLLISION_STRATEGIES),
        grace_period_seconds: z.number().nullable(),
      })
      .nullable(),
    job_variables: jsonObject(),
    parameters: jsonObject(),
    tags: tagsOut,
    labels: jsonObject(),
    work_queue_name: z.string().nullable(),
    work_queue_id: z.string().nullable(),
    work_pool_name: z.string().nullable(),
    last_polled: isoText.nullable(),
    parameter_openapi_schema: jsonObject(),
    path: z.string().nullable(),
    pull_steps: jsonArray().nullable(),
    entrypoint: z.string().nullable(),
    storage_document_id: z.string().nullable(),
    infrastructure_document_id: z.string().nullable(),
    created_by: z.null(),
    updated_by: z.null(),
    status: z.enum(['READY', 'NOT_READY']),
    enforce_parameter_schema: z.boolean(),
  })
  .meta({ id: 'Deployment' });

const which = {
  deployments: DeploymentFilter.nullish(),
  flows: FlowFilter.nullish(),
  work_pools: WorkPoolFilter.nullish(),
  work_pool_queues: WorkQueueFilter.nullish(),
  ...havingRuns,
};
const sort = z.enum(RECORD_SORTS).nullish();

export const DeploymentsFilter = z.object({ ...which, sort, limit, offset }).optional();
export const DeploymentsCount = z.object(which).optional();
export const DeploymentsPaginate = z.object({ ...which, sort, limit, page: pageNumber }).optional();
export const DeploymentsPage = pageSchema(Deployment).meta({ id: 'DeploymentsPage' });

export const DeploymentsDelete = z
  .object({
    deployments: DeploymentFilter.nullish(),
    limit: z.number().int().min(1).max(NUMBERS.prefectBulk).nullish(),
  })
  .optional();
export const DeploymentsDeleted = z.object({ deleted: z.array(z.string()) });
