import * as z from 'zod';
import { isoText, limit, offset, timestamp, uuid } from '../fields/fields.ts';
import { anyIds, operator } from '../fields/filters.ts';

export const LogCreate = z
  .strictObject({
    name: z.string(),
    level: z.number().int(),
    message: z.string(),
    timestamp,
    flow_run_id: uuid.nullish(),
    task_run_id: uuid.nullish(),
  })
  .meta({ id: 'LogCreate' });

export const Log = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    level: z.number(),
    message: z.string(),
    timestamp: isoText,
    flow_run_id: z.string().nullable(),
    task_run_id: z.string().nullable(),
  })
  .meta({ id: 'Log' });

const LogFilter = z
  .strictObject({
    operator,
    level: z
      .strictObject({ ge_: z.number().int().nullish(), le_: z.number().int().nullish() })
      .nullish(),
    timestamp: z
      .strictObject({ before_: timestamp.nullish(), after_: timestamp.nullish() })
      .nullish(),
    flow_run_id: anyIds,
    task_run_id: z
      .strictObject({ any_: z.array(uuid).nullish(), is_null_: z.boolean().nullish() })
      .nullish(),
    text: z.strictObject({ query: z.string().max(200) }).nullish(),
    arrived: z
      .strictObject({ after_: timestamp.nullish() })
      .nullish()
      .meta({ description: 'Not in Prefect: when the server got the lines, as `created` says.' }),
  })
  .meta({ id: 'LogFilter' });

export const LogsFilter = z
  .object({
    logs: LogFilter.nullish(),
    sort: z.enum(['TIMESTAMP_ASC', 'TIMESTAMP_DESC']).nullish(),
    limit,
    offset,
  })
  .optional();
