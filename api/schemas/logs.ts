import * as z from 'zod';
import { anyOf, isoText, limit, offset, timestamp, uuid } from './fields.ts';

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

export const LogsFilter = z.object({
  logs: z.strictObject({
    operator: z.literal('and_').nullish(),
    flow_run_id: anyOf(uuid),
    level: z
      .strictObject({ ge_: z.number().int().nullish(), le_: z.number().int().nullish() })
      .nullish(),
    timestamp: z
      .strictObject({ before_: timestamp.nullish(), after_: timestamp.nullish() })
      .nullish(),
    task_run_id: z.null().optional(),
    text: z.null().optional(),
  }),
  sort: z.enum(['TIMESTAMP_ASC', 'TIMESTAMP_DESC']).nullish(),
  limit,
  offset,
});
