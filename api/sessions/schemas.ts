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
    lease_seconds: z.number(),
    on_lease_loss: z.enum(['stop', 'keep']).meta({
      description: 'What an agent that is cut off does with its children before its lease lapses.',
    }),
    draining: z.boolean().meta({ description: 'An operator wants it to claim nothing more.' }),
    cancel: z.array(z.object({ id: z.string(), attempt: z.number() })),
    lost: z.array(z.object({ id: z.string(), attempt: z.number(), holder: Holder.nullable() })),
    unknown: z.array(ClaimedRun.extend({ claim_id: z.string() })),
  })
  .meta({ id: 'HeartbeatReply' });

/** One polling process, as Prefect shows it. */
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

/** And what it holds. */
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

/** What a Prefect worker sends every 30 s. Hardly anything is refused: a 4xx would end the worker. */
export const WorkerHeartbeat = z
  .object({
    name: anyName,
    heartbeat_interval_seconds: z
      .number()
      .int()
      .nullish()
      .meta({ description: 'Below 30 it is taken for 30, above 3600 for 3600.' }),
  })
  .meta({ id: 'WorkerHeartbeat' });

export const DrainRequest = z
  .strictObject({
    ...byHand,
    drain: z.boolean().nullish().meta({ description: 'false: it may claim again. Default: true.' }),
  })
  .meta({ id: 'DrainRequest' });

export const WorkersFilter = z
  .object({ workers: WorkerFilter.nullish(), limit, offset })
  .optional();
