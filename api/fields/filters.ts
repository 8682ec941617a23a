import * as z from 'zod';
import { NUMBERS } from '../../model/values/numbers.ts';
import { cutTo, timestamp, uuid } from './fields.ts';

/** Prefect's filters, as clients send them. core/filters/ has the meaning of each. */
export const operator = z.enum(['and_', 'or_']).nullish();
const texts = z.array(z.string()).nullish();
/** As they are stored: a record's long tags are cut. */
const tagTexts = z.array(cutTo(NUMBERS.tag)).nullish();

/** @public Also used to filter runs. */
export const amongIds = z
  .strictObject({ any_: z.array(uuid).nullish(), not_any_: z.array(uuid).nullish() })
  .nullish();

/** @public Also used to filter runs. */
export const amongNames = z.strictObject({ any_: texts, like_: z.string().nullish() }).nullish();

export const anyIds = z.strictObject({ any_: z.array(uuid).nullish() }).nullish();
export const anyNames = z.strictObject({ any_: texts }).nullish();

/** @public Also used to filter runs. */
export const tagged = z
  .strictObject({ operator, all_: tagTexts, any_: tagTexts, is_null_: z.boolean().nullish() })
  .nullish();

export const FlowFilter = z
  .strictObject({
    operator,
    id: amongIds,
    name: amongNames,
    tags: z.strictObject({ operator, all_: tagTexts, is_null_: z.boolean().nullish() }).nullish(),
    deployment: z.strictObject({ operator, is_null_: z.boolean().nullish() }).nullish(),
  })
  .meta({ id: 'FlowFilter' });

export const DeploymentFilter = z
  .strictObject({
    operator,
    id: amongIds,
    name: amongNames,
    flow_or_deployment_name: z.strictObject({ like_: z.string().nullish() }).nullish(),
    paused: z.strictObject({ eq_: z.boolean().nullish() }).nullish(),
    tags: tagged,
    work_queue_name: anyNames,
    concurrency_limit: z
      .strictObject({
        ge_: z.number().int().nullish(),
        le_: z.number().int().nullish(),
        is_null_: z.boolean().nullish(),
      })
      .nullish()
      .meta({ description: 'Ignored, as in Prefect.' }),
  })
  .meta({ id: 'DeploymentFilter' });

export const WorkPoolFilter = z
  .strictObject({ operator, id: anyIds, name: anyNames, type: anyNames })
  .meta({ id: 'WorkPoolFilter' });

const WORKER_STATUS = z.enum(['ONLINE', 'OFFLINE']);

export const WorkerFilter = z
  .strictObject({
    operator,
    status: z
      .strictObject({
        any_: z.array(WORKER_STATUS).nullish(),
        not_any_: z.array(WORKER_STATUS).nullish(),
      })
      .nullish(),
    last_heartbeat_time: z
      .strictObject({ before_: timestamp.nullish(), after_: timestamp.nullish() })
      .nullish(),
  })
  .meta({ id: 'WorkerFilter' });

export const WorkQueueFilter = z
  .strictObject({
    operator,
    id: anyIds,
    name: z.strictObject({ any_: texts, startswith_: texts }).nullish(),
  })
  .meta({ id: 'WorkQueueFilter' });
