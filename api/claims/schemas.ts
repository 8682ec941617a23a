import * as z from 'zod';
import { NUMBERS } from '../../model/values/numbers.ts';
import { Deployment } from '../deployments/schemas.ts';
import { anyName, isoText, name, uuid } from '../fields/fields.ts';
import { FlowRun } from '../runs/schemas.ts';

export const ClaimRequest = z
  .strictObject({
    session_id: uuid,
    worker_name: name,
    claim_id: uuid.meta({ description: 'A new UUID for each claim; with `repeat`, the same one.' }),
    limit: z.number().int().min(1).max(NUMBERS.claimAtMost),
    queue_names: z.array(anyName).nullish(),
    start: z.boolean().nullish().meta({ description: 'Start the runs at once: RUNNING.' }),
    repeat: z.boolean().nullish().meta({
      description: 'The response to this claim_id was lost: send it again, claim nothing new.',
    }),
  })
  .meta({ id: 'ClaimRequest' });

export const ClaimedRun = z
  .object({
    flow_run: FlowRun,
    deployment: Deployment.nullable(),
    claim_token: z.string(),
    attempt: z.number().int(),
    lease_seconds: z.number(),
  })
  .meta({ id: 'ClaimedRun' });

export const ClaimReply = z
  .object({
    runs: z.array(ClaimedRun),
    retry_after: z
      .number()
      .min(0)
      .meta({ description: 'Seconds to wait before the next claim: a hint.' }),
  })
  .meta({ id: 'ClaimReply' });

export const runAndAttempt = { id: uuid, attempt: z.number().int().min(1) };

/** How a claim ended. `null`: it is the current claim. */
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

/** One claim of a run: its holder, its start and end, and why it ended. */
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
