import * as z from 'zod';
import { SECOND } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { By } from '../fields/by-hand.ts';
import {
  addressedName,
  isoText,
  limit,
  longText,
  name,
  offset,
  poolName,
  shortText,
  timestamp,
  uuid,
} from '../fields/fields.ts';
import { WorkPoolFilter, WorkQueueFilter } from '../fields/filters.ts';
import { jsonObject } from '../verbatim.ts';

/** In bytes. A step is stored in its pool's record. */
const STEP_BYTES = 16 * 1024;

const storageConfiguration = z.strictObject({
  bundle_upload_step: jsonObject(STEP_BYTES).nullish(),
  bundle_execution_step: jsonObject(STEP_BYTES).nullish(),
  default_result_storage_block_id: uuid.nullish(),
});

/** What happens to claims whose session died. An addition to Prefect's fields. */
const recoveryFields = {
  on_loss: z.enum(['requeue', 'fail', 'crash']),
  max_losses: z.number().int().min(1).max(NUMBERS.maxLossesAtMost),
  on_lease_loss: z.enum(['stop', 'keep']),
  prefect_running: z.enum(['keep', 'requeue']),
  pending_timeout: z
    .number()
    .min(1)
    .max(NUMBERS.pendingTimeoutAtMost / SECOND)
    .nullable()
    .meta({
      description: 'Seconds that a Prefect worker may prepare a run; null: while it is alive.',
    }),
};

const Recovery = z.object(recoveryFields).meta({ id: 'Recovery' });
const RecoveryChange = z.strictObject(recoveryFields).partial();

/** How many runs may be held at once. Each slot is an item, and polls read all of them. */
const concurrencyLimit = z.number().int().min(0).max(NUMBERS.slotsAtMost);

const poolFields = {
  description: longText.nullish(),
  base_job_template: jsonObject().optional(),
  is_paused: z.boolean().optional(),
  concurrency_limit: concurrencyLimit.nullish(),
  storage_configuration: storageConfiguration.nullish(),
  recovery: RecoveryChange.optional(),
};

export const WorkPoolCreate = z
  .strictObject({ name: poolName, type: shortText.optional(), ...poolFields })
  .meta({ id: 'WorkPoolCreate' });

export const WorkPoolUpdate = z.strictObject(poolFields).meta({ id: 'WorkPoolUpdate' });

export const WorkPool = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    description: z.string().nullable(),
    type: z.string(),
    base_job_template: jsonObject(),
    is_paused: z.boolean(),
    concurrency_limit: z.number().nullable(),
    status: z.enum(['READY', 'NOT_READY', 'PAUSED']).nullable(),
    default_queue_id: z.string(),
    storage_configuration: z.object({
      bundle_upload_step: jsonObject().nullable(),
      bundle_execution_step: jsonObject().nullable(),
      default_result_storage_block_id: z
        .string()
        .nullable()
        .optional()
        .meta({ description: 'Not sent to clients of Prefect up to 3.3.7, which do not know it.' }),
    }),
    active_slots: z.number().nullable(),
    recovery: Recovery,
    paused_by: By.nullable().meta({ description: 'Who paused all pools at once, if anyone did.' }),
  })
  .meta({ id: 'WorkPool' });

export const WorkPoolsFilter = z
  .object({ work_pools: WorkPoolFilter.nullish(), limit, offset })
  .optional();

export const WorkPoolsCount = z.object({ work_pools: WorkPoolFilter.nullish() }).optional();

const queueFields = {
  description: longText.nullish(),
  is_paused: z.boolean().optional(),
  concurrency_limit: concurrencyLimit.nullish(),
  priority: z.number().int().min(1).nullish(),
};

export const WorkQueueCreate = z
  .strictObject({ name: addressedName, ...queueFields, filter: z.null().optional() })
  .meta({ id: 'WorkQueueCreate' });

export const WorkQueueUpdate = z
  .strictObject({
    ...queueFields,
    name: name.nullish().meta({ description: 'Must be its name: a queue cannot be renamed.' }),
    filter: z.null().optional(),
    last_polled: timestamp.nullish().meta({ description: 'Polls set it by themselves.' }),
  })
  .meta({ id: 'WorkQueueUpdate' });

export const WorkQueue = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    description: z.string(),
    is_paused: z.boolean(),
    concurrency_limit: z.number().nullable(),
    priority: z.number(),
    work_pool_id: z.string(),
    work_pool_name: z.string(),
    filter: z.null(),
    last_polled: isoText.nullable(),
    status: z.enum(['READY', 'NOT_READY', 'PAUSED']),
    active_slots: z.number().nullable(),
  })
  .meta({ id: 'WorkQueue' });

export const WorkQueuesFilter = z
  .object({ work_queues: WorkQueueFilter.nullish(), limit, offset })
  .optional();

/** The names of the pools that one request paused or resumed. */
export const PoolNames = z.object({ pools: z.array(z.string()) }).meta({ id: 'PoolNames' });
