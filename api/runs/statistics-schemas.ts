import * as z from 'zod';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { isoText, timestamp } from '../fields/fields.ts';
import { WorkQueueFilter } from '../fields/filters.ts';
import { whichRuns } from '../fields/run-filters.ts';

const { work_pool_queues, ...whichButQueues } = whichRuns;

/** The time that is counted, in intervals of the same length. */
export const historyBins = {
  history_start: timestamp,
  history_end: timestamp,
  history_interval_seconds: z
    .number()
    .min(1, 'History interval must not be less than 1 second.')
    .max(100 * 366 * 86_400),
};

export const FlowRunHistory = z.object({
  ...historyBins,
  ...whichButQueues,
  work_queues: WorkQueueFilter.nullish(),
});

export const RunHistory = z.array(
  z.object({
    interval_start: isoText,
    interval_end: isoText,
    states: z.array(
      z.object({
        state_type: z.enum(STATE_TYPES),
        state_name: z.string(),
        count_runs: z.number(),
        sum_estimated_run_time: z.number(),
        sum_estimated_lateness: z.number(),
      }),
    ),
  }),
);
