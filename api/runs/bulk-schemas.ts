import * as z from 'zod';
import { NUMBERS } from '../../model/values/numbers.ts';
import { byHand } from '../fields/by-hand.ts';
import { FlowRunFilter, whichRuns } from '../fields/run-filters.ts';
import { OrchestrationResult, StateCreate } from '../states/schemas.ts';

/** One operation on many runs, at most `limit` of them. `more` tells whether to send it again. */
export const BulkRequest = z
  .strictObject({
    ...whichRuns,
    ...byHand,
    limit: z.number().int().min(1).max(NUMBERS.bulkAtMost).nullish(),
    dry_run: z.boolean().nullish().meta({ description: 'Change nothing: only list the runs.' }),
  })
  .meta({ id: 'BulkRequest' });

export const BulkReply = z
  .object({
    changed: z.array(z.object({ id: z.string(), name: z.string(), state_name: z.string() })),
    skipped: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
    more: z.boolean().meta({ description: 'More runs match: send the request again.' }),
  })
  .meta({ id: 'BulkReply' });

const prefectLimit = z.number().int().min(1).max(NUMBERS.prefectBulk).nullish();

/** The bodies of Prefect's own bulk routes, which choose runs only by filters of runs. */
export const FlowRunsDelete = z.object({ flow_runs: FlowRunFilter.nullish(), limit: prefectLimit });
export const FlowRunsDeleted = z.object({ deleted: z.array(z.string()) });

export const StatesSet = z.object({
  flow_runs: FlowRunFilter.nullish(),
  state: StateCreate,
  force: z.boolean().nullish(),
  limit: prefectLimit,
});
export const StatesSetReply = z.object({
  results: z.array(OrchestrationResult.extend({ flow_run_id: z.string() })),
});
