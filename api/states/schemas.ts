import * as z from 'zod';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { anyName, cutTo, isoText, timestamp, uuid } from '../fields/fields.ts';
import { anyJson, jsonObject } from '../verbatim.ts';

/** Unknown fields are ignored, as in Prefect: the client may be newer than this server. */
const stateDetailsIn = z.object({
  flow_run_id: uuid.nullish(),
  task_run_id: uuid.nullish(),
  child_flow_run_id: uuid.nullish(),
  scheduled_time: timestamp.nullish(),
  cache_key: cutTo(NUMBERS.shortText).nullish(),
  cache_expiration: timestamp.nullish(),
  deferred: z.boolean().nullish(),
  untrackable_result: z.boolean().nullish(),
  pause_timeout: timestamp.nullish(),
  pause_reschedule: z.boolean().nullish(),
  pause_key: cutTo(NUMBERS.pauseKey).nullish(),
  run_input_keyset: z
    .record(z.string().max(100), anyName)
    .refine((keys) => Object.keys(keys).length <= 10, 'Expected at most 10 keys.')
    .nullish(),
  refresh_cache: z.boolean().nullish(),
  retriable: z.boolean().nullish(),
  transition_id: uuid.nullish(),
  task_parameters_id: uuid.nullish(),
  traceparent: cutTo(NUMBERS.shortText).nullish(),
  deployment_concurrency_lease_id: uuid.nullish(),
});

/** A state, as a caller proposes it. */
export const StateCreate = z
  .strictObject({
    type: z.enum(STATE_TYPES),
    name: z
      .string()
      .nullish()
      .meta({
        description: `Cut after ${NUMBERS.stateName} characters; the message keeps the rest.`,
      }),
    message: z
      .string()
      .nullish()
      .meta({ description: `Lists show its first ${NUMBERS.messageShown} characters.` }),
    data: anyJson().nullish(),
    state_details: stateDetailsIn.nullish(),
  })
  .meta({ id: 'StateCreate' });

const stateDetailsOut = z.object({
  flow_run_id: z.string().nullable(),
  task_run_id: z.string().nullable(),
  child_flow_run_id: z.string().nullable(),
  scheduled_time: isoText.nullable(),
  cache_key: z.string().nullable(),
  cache_expiration: isoText.nullable(),
  deferred: z.boolean().nullable(),
  untrackable_result: z.boolean(),
  pause_timeout: isoText.nullable(),
  pause_reschedule: z.boolean(),
  pause_key: z.string().nullable(),
  run_input_keyset: z.record(z.string(), z.string()).nullable(),
  refresh_cache: z.boolean().nullable(),
  retriable: z.boolean().nullable(),
  transition_id: z.string().nullable(),
  task_parameters_id: z.string().nullable(),
  traceparent: z.string().nullable(),
  deployment_concurrency_lease_id: z.string().nullable(),
});

export const State = z
  .object({
    id: z.string(),
    type: z.enum(STATE_TYPES),
    name: z.string(),
    timestamp: isoText,
    message: z.string().nullable(),
    data: anyJson().nullable(),
    state_details: stateDetailsOut,
  })
  .meta({ id: 'State' });

export const SetState = z
  .object({
    state: StateCreate,
    force: z.boolean().nullish(),
    claim_token: z.string().nullish().meta({
      description: 'Proves the claim: the token that the claim returned. Header: Dibs-Claim-Token.',
    }),
  })
  .meta({ id: 'SetState' });

const details = z.object({
  type: z.enum(['accept_details', 'reject_details', 'abort_details', 'wait_details']),
  reason: z.string().nullish(),
  delay_seconds: z.number().int().nullish(),
});

/** Prefect's OrchestrationResult: the run's current state, and the answer to the proposal. */
export const OrchestrationResult = z
  .object({
    state: State.nullable(),
    status: z.enum(['ACCEPT', 'REJECT', 'ABORT', 'WAIT']),
    details,
  })
  .meta({ id: 'OrchestrationResult' });

export const FlowRunStatesQuery = z.object({ flow_run_id: uuid });

export const RunResume = z.object({ run_input: jsonObject().nullish() }).optional();
