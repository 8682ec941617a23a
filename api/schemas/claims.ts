import * as z from 'zod';
import { LIMITS } from '../../core/limits.ts';
import { Deployment } from './deployments.ts';
import { anyName, isoText, name, uuid } from './fields.ts';
import { By } from './operators.ts';
import { FlowRun, Holder } from './runs.ts';

export const ClaimRequest = z
  .strictObject({
    session_id: uuid,
    worker_name: name,
    claim_id: uuid.meta({ description: 'A new UUID per claim; the same one again with `repeat`.' }),
    limit: z.number().int().min(1).max(LIMITS.claimAtMost),
    queue_names: z.array(anyName).nullish(),
    start: z.boolean().nullish().meta({ description: 'Go straight to RUNNING.' }),
    repeat: z.boolean().nullish().meta({
      description: 'The reply to this claim_id was lost: tell it again, claim nothing new.',
    }),
  })
  .meta({ id: 'ClaimRequest' });

export const ClaimedRun = z
  .object({
    flow_run: FlowRun,
    deployment: Deployment.nullable(),
    claim_token: z.string(),
    attempt: z.number(),
    lease_seconds: z.number(),
  })
  .meta({ id: 'ClaimedRun' });

export const ClaimReply = z
  .object({
    runs: z.array(ClaimedRun),
    retry_after: z.number().meta({ description: 'Seconds to wait before the next poll: a hint.' }),
  })
  .meta({ id: 'ClaimReply' });

const runAndAttempt = { id: uuid, attempt: z.number().int().min(1) };

export const HeartbeatRequest = z
  .strictObject({
    worker_name: name,
    host: z.string().max(256).nullish(),
    started: z.literal(true).nullish(),
    replaces: uuid.nullish(),
    capacity: z.number().int().min(0),
    runs: z.array(z.strictObject(runAndAttempt)).max(LIMITS.runsPerSession),
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

/** How a claim ended. `null`: it is the current one. */
const CLAIM_ENDS = [
  'completed',
  'failed',
  'crashed',
  'cancelled',
  'suspended',
  'given back',
  'agent lost',
  'never started',
  'released',
  'rescheduled',
] as const;

/** One attempt at a run: who had it, from when to when, and why not any longer. */
export const ClaimRecord = z
  .object({
    attempt: z.number(),
    session_id: z.string(),
    worker_name: z.string().nullable(),
    claimed: isoText,
    started: isoText.nullable(),
    ended: isoText.nullable(),
    reason: z.enum(CLAIM_ENDS).nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'ClaimRecord' });

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
