import * as z from 'zod';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { isoText, limit, pageNumber } from '../fields/fields.ts';

export const WorkQueueConcurrency = z.object({ page: pageNumber, limit }).optional();

export const WorkPoolConcurrency = z
  .object({ page: pageNumber, limit, flow_run_limit: z.number().int().min(0).max(200).nullish() })
  .optional();

const SlotHolder = z
  .object({
    id: z.string(),
    name: z.string(),
    state_type: z.enum(STATE_TYPES),
    state_name: z.string(),
    start_time: isoText.nullable(),
    state_timestamp: isoText,
    time_in_current_state: z.number(),
  })
  .meta({ id: 'SlotHolder' });

const paged = { count: z.number(), limit: z.number(), pages: z.number(), page: z.number() };
const used = { active_slots: z.number(), concurrency_limit: z.number().nullable() };

/** The runs of a queue that are held, by page. */
export const WorkQueueConcurrencyStatus = z
  .object({ ...used, flow_runs: z.array(SlotHolder), ...paged })
  .meta({ id: 'WorkQueueConcurrencyStatus' });

/** The runs of a pool that are held, by queue. The pages are pages of queues. */
export const WorkPoolConcurrencyStatus = z
  .object({
    ...used,
    queues: z.array(
      z.object({
        queue_id: z.string(),
        queue_name: z.string(),
        ...used,
        flow_runs: z.array(SlotHolder),
        flow_run_count: z.number(),
      }),
    ),
    ...paged,
  })
  .meta({ id: 'WorkPoolConcurrencyStatus' });

/** Whether a queue is polled and its runs start in time. */
export const WorkQueueStatusDetail = z
  .object({
    healthy: z.boolean(),
    late_runs_count: z.number(),
    last_polled: isoText.nullable(),
    health_check_policy: z.object({
      maximum_late_runs: z.number(),
      maximum_seconds_since_last_polled: z.number(),
    }),
  })
  .meta({ id: 'WorkQueueStatusDetail' });
