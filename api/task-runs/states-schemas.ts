import * as z from 'zod';
import { STATE_TYPES } from '../../model/runs/state.ts';
import { OBSERVED_STATE_SORTS } from '../../model/values/sorts.ts';
import { isoText, uuid } from '../fields/fields.ts';
import { whichRuns } from '../fields/run-filters.ts';
import { historyBins } from '../runs/statistics-schemas.ts';
import { State } from '../states/schemas.ts';

export const TaskRunStatesQuery = z.object({ task_run_id: uuid });

const { flow_runs, flows, task_runs, deployments } = whichRuns;
export const TaskRunHistory = z.object({
  ...historyBins,
  flow_runs,
  flows,
  task_runs,
  deployments,
});

/** A task run, with what it takes as input from others. */
export const GraphNode = z
  .object({
    id: z.string(),
    name: z.string(),
    upstream_dependencies: z.array(z.object({ input_type: z.string(), id: z.string() })),
    state: State,
    expected_start_time: isoText,
    start_time: isoText.nullable(),
    end_time: isoText.nullable(),
    total_run_time: z.number(),
    estimated_run_time: z.number(),
    untrackable_result: z.boolean(),
  })
  .meta({ id: 'GraphNode' });

/** Every value in a query string is a text. */
export const ObservedStatesQuery = z.object({
  query: z.string().max(100).optional(),
  order_by: z.enum(OBSERVED_STATE_SORTS).optional(),
  limit: z
    .string()
    .regex(/^([1-9][0-9]?|1[0-9][0-9]|200)$/, 'Expected a whole number from 1 to 200.')
    .transform(Number)
    .optional(),
});

export const ObservedState = z
  .object({
    state_type: z.enum(STATE_TYPES),
    state_name: z.string(),
    first_seen: isoText,
    last_seen: isoText,
  })
  .meta({ id: 'ObservedState' });
