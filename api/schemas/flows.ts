import * as z from 'zod';
import { LIMITS } from '../../core/limits.ts';
import { COLLISION_STRATEGIES } from '../../core/records.ts';
import { jsonArray, jsonObject } from '../verbatim.ts';
import {
  anyName,
  anyOf,
  isoText,
  labels,
  limit,
  longText,
  name,
  nameOf,
  offset,
  shortText,
  tags,
  unserved,
  uuid,
} from './fields.ts';

const OTHERS = ['flow_runs', 'task_runs', 'work_pools', 'work_pool_queues'] as const;

export const FlowCreate = z
  .strictObject({ name, tags: tags.optional(), labels: labels.nullish() })
  .meta({ id: 'FlowCreate' });

export const Flow = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    tags,
    labels: jsonObject(),
  })
  .meta({ id: 'Flow' });

/** Which flows: the same wherever something of them is asked for. */
export const FlowFilter = z.strictObject({
  operator: z.literal('and_').nullish(),
  id: anyOf(uuid).nullish(),
  name: nameOf.nullish(),
  ...unserved(['tags', 'deployment']),
});

export const FlowsFilter = z
  .object({
    flows: FlowFilter.nullish(),
    ...unserved([...OTHERS, 'deployments', 'sort']),
    limit,
    offset,
  })
  .optional();

export const DeploymentCreate = z
  .strictObject({
    name,
    flow_id: uuid,
    version: shortText.nullish(),
    version_info: z.looseObject({}).nullish(),
    description: longText.nullish(),
    paused: z.boolean().optional(),
    schedules: z.array(z.unknown()).max(0, 'Schedules are not there yet.').optional(),
    concurrency_limit: z.number().int().min(1).max(LIMITS.slotsAtMost).nullish(),
    concurrency_options: z
      .strictObject({
        collision_strategy: z.enum(COLLISION_STRATEGIES),
        grace_period_seconds: z.number().int().min(60).max(86_400).nullish(),
      })
      .nullish(),
    global_concurrency_limit_id: z.null('Global limits are not there yet.').optional(),
    parameters: jsonObject().nullish(),
    tags: tags.nullish(),
    labels: labels.nullish(),
    work_pool_name: anyName.nullish(),
    work_queue_name: name.nullish(),
    job_variables: jsonObject().nullish(),
    parameter_openapi_schema: jsonObject().nullish(),
    enforce_parameter_schema: z.boolean().optional(),
    path: longText.nullish(),
    entrypoint: longText.nullish(),
    pull_steps: jsonArray().nullish(),
    storage_document_id: uuid.nullish(),
    infrastructure_document_id: uuid.nullish(),
  })
  .meta({ id: 'DeploymentCreate' });

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
    schedules: z.array(z.unknown()),
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
        grace_period_seconds: z.number(),
      })
      .nullable(),
    job_variables: jsonObject(),
    parameters: jsonObject(),
    tags,
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

export const DeploymentsFilter = z
  .object({
    deployments: z
      .strictObject({
        operator: z.literal('and_').nullish(),
        id: anyOf(uuid).nullish(),
        name: nameOf.nullish(),
        ...unserved(['flow_or_deployment_name', 'paused', 'tags', 'work_queue_name']),
        ...unserved(['concurrency_limit']),
      })
      .nullish(),
    flows: FlowFilter.nullish(),
    ...unserved([...OTHERS, 'sort']),
    limit,
    offset,
  })
  .optional();
