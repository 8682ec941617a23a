import * as z from 'zod';
import { NUMBERS } from '../../model/values/numbers.ts';
import { ClaimedRun, runAndAttempt } from '../claims/schemas.ts';
import { By, byHand } from '../fields/by-hand.ts';
import { anyName, isoText, limit, name, offset, uuid } from '../fields/fields.ts';
import { WorkerFilter } from '../fields/filters.ts';
import { Holder } from '../runs/schemas.ts';

export const HeartbeatRequest = z
  .strictObject({
    worker_name: name,
    host: z.string().max(256).nullish(),
    started: z.literal(true).nullish(),
    replaces: uuid.nullish(),
    capacity: z.number().int().min(0),
    runs: z.array(z.strictObject(runAndAttempt)).max(NUMBERS.runsPerSession),
    ended: z.literal(true).nullish(),
  })
  .meta({ id: 'HeartbeatRequest' });

export const HeartbeatReply = z
  .object({
    lease_seconds: z.number().min(1),
    on_lease_loss: z.enum(['stop', 'keep']).meta({
      description:
        'What an agent that is cut off does with its child processes before its lease expires.',
    }),
    draining: z.boolean().meta({ description: 'An operator wants it to claim no more runs.' }),
    cancel: z.array(z.object({ id: z.string(), attempt: z.number().int() })),
    lost: z.array(
      z.object({ id: z.string(), attempt: z.number().int(), holder: Holder.nullable() }),
    ),
    unknown: z.array(ClaimedRun.extend({ claim_id: z.string() })),
  })
  .meta({ id: 'HeartbeatReply' });

/** An agent or a worker, in Prefect's format. */
export const PrefectWorker = z
  .object({
    id: z.string(),
    created: isoText,
    updated: isoText,
    name: z.string(),
    work_pool_id: z.string(),
    last_heartbeat_time: isoText,
    heartbeat_interval_seconds: z.number().nullable(),
    status: z.enum(['ONLINE', 'OFFLINE']),
  })
  .meta({ id: 'PrefectWorker' });

/** An agent or a worker, with the runs that it holds. */
export const Worker = z
  .object({
    ...PrefectWorker.shape,
    host: z.string().nullable(),
    capacity: z.number(),
    ended: isoText.nullable(),
    kind: z.enum(['agent', 'worker']),
    draining: By.nullable(),
    holds: z.array(z.object({ id: z.string(), attempt: z.number() })),
  })
  .meta({ id: 'Worker' });

/**
 * A Prefect worker's heartbeat, sent every 30 s. Hardly any is refused: a 4xx would end the worker.
 */
export const WorkerHeartbeat = z
  .object({
    name: anyName,
    heartbeat_interval_seconds: z
      .number()
      .int()
      .nullish()
      .meta({ description: 'A value below 30 counts as 30, one above 3600 as 3600.' }),
  })
  .meta({ id: 'WorkerHeartbeat' });

export const DrainRequest = z
  .strictObject({
    ...byHand,
    drain: z.boolean().nullish().meta({ description: 'false: claim again. Default: true.' }),
  })
  .meta({ id: 'DrainRequest' });

export const WorkersFilter = z
  .object({ workers: WorkerFilter.nullish(), limit, offset })
  .optional();
