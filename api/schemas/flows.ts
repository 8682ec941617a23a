import * as z from 'zod';
import { jsonArray, jsonObject } from '../verbatim.ts';
import { anyOf, isoText, limit, name, offset, tags, uuid } from './fields.ts';

export const FlowCreate = z
  .strictObject({ name, tags: tags.optional(), labels: jsonObject().nullish() })
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

export const FlowsFilter = z
  .object({
    flows: z
      .strictObject({
        operator: z.enum(['and_', 'or_']).nullish(),
        id: anyOf(uuid).nullish(),
        name: anyOf(z.string()).nullish(),
      })
      .nullish(),
    limit,
    offset,
  })
  .optional();

export const DeploymentCreate = z
  .strictObject({
    name,
    flow_id: uuid,
    version: z.string().nullish(),
    version_info: z.looseObject({}).nullish(),
    description: z.string().nullish(),
    paused: z.boolean().optional(),
    schedules: z.array(z.unknown()).max(0, 'Schedules are not there yet.').optional(),
    concurrency_limit: z.null('Concurrency limits are not there yet.').optional(),
    concurrency_options: z.null('Concurrency limits are not there yet.').optional(),
    parameters: jsonObject().nullish(),
    tags: tags.nullish(),
    labels: jsonObject().nullish(),
    work_pool_name: z.string().nullish(),
    work_queue_name: z.string().nullish(),
    job_variables: jsonObject().nullish(),
    parameter_openapi_schema: jsonObject().nullish(),
    enforce_parameter_schema: z.boolean().optional(),
    path: z.string().nullish(),
    entrypoint: z.string().nullish(),
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
    global_concurrency_limit: z.null(),
    concurrency_options: z.null(),
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
        operator: z.enum(['and_', 'or_']).nullish(),
        id: anyOf(uuid).nullish(),
        name: anyOf(z.string()).nullish(),
      })
      .nullish(),
    flows: z.strictObject({ name: anyOf(z.string()).nullish() }).nullish(),
    limit,
    offset,
  })
  .optional();
