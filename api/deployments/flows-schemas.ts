import * as z from 'zod';
import { NUMBERS } from '../../model/values/numbers.ts';
import { RECORD_SORTS } from '../../model/values/sorts.ts';
import {
  isoText,
  limit,
  name,
  newLabels,
  offset,
  pageNumber,
  pageSchema,
  tags,
  tagsOut,
} from '../fields/fields.ts';
import { DeploymentFilter, FlowFilter, WorkPoolFilter } from '../fields/filters.ts';
import { havingRuns } from '../fields/run-filters.ts';
import { jsonObject } from '../verbatim.ts';

export const FlowCreate = z
  .strictObject({ name, tags: tags.optional(), labels: newLabels.nullish() })
  .meta({ id: 'FlowCreate' });

export const FlowUpdate = z.strictObject({ tags: tags.optional() }).meta({ id: 'FlowUpdate' });

export const Flow = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    tags: tagsOut,
    labels: jsonObject(),
  })
  .meta({ id: 'Flow' });

const which = {
  flows: FlowFilter.nullish(),
  deployments: DeploymentFilter.nullish(),
  work_pools: WorkPoolFilter.nullish(),
  ...havingRuns,
};
const sort = z.enum(RECORD_SORTS).nullish();

export const FlowsFilter = z.object({ ...which, sort, limit, offset }).optional();
export const FlowsCount = z.object(which).optional();
export const FlowsPaginate = z.object({ ...which, sort, limit, page: pageNumber }).optional();
export const FlowsPage = pageSchema(Flow).meta({ id: 'FlowsPage' });

export const FlowsDelete = z
  .object({
    flows: FlowFilter.nullish(),
    limit: z.number().int().min(1).max(NUMBERS.prefectBulk).nullish(),
  })
  .optional();
export const FlowsDeleted = z.object({ deleted: z.array(z.string()) });
