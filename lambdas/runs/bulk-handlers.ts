import type * as z from 'zod';
import type { bulkRoutes } from '../../api/runs/bulk-routes.ts';
import type { BulkRequest } from '../../api/runs/bulk-schemas.ts';
import { deleteRuns } from '../../core/runs/delete-runs.ts';
import {
  type Bulk,
  type BulkOutcome,
  cancelRuns,
  retryRuns,
} from '../../core/runs/retry-and-cancel.ts';
import { setStates } from '../../core/runs/set-states.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { orchestrationResultShape } from '../states/outcome-shape.ts';
import { stateWish } from '../states/state-wish.ts';
import { runQuery } from './run-query.ts';

export const bulkHandlers = {
  retryFlowRuns: async (context, { body }) => ({
    status: 200,
    body: bulkShape(await retryRuns(context, bulkOf(body))),
  }),

  cancelFlowRuns: async (context, { body }) => ({
    status: 200,
    body: bulkShape(await cancelRuns(context, bulkOf(body))),
  }),

  deleteFlowRuns: async (context, { body }) => {
    const limit = body.limit ?? NUMBERS.prefectBulk;
    const deleted = await deleteRuns(context, { flowRuns: body.flow_runs }, limit);
    return { status: 200, body: { deleted } };
  },

  setStates: async (context, { body, identity }) => {
    const results = await setStates(context, {
      query: { flowRuns: body.flow_runs },
      limit: body.limit ?? NUMBERS.prefectBulk,
      state: stateWish(body.state),
      force: body.force ?? false,
      identity,
    });
    const shapes = results.map(async ({ runId, outcome }) => ({
      flow_run_id: runId,
      ...('status' in outcome
        ? await orchestrationResultShape(context, runId, outcome)
        : aborted(outcome.reason)),
    }));
    return { status: 200, body: { results: await Promise.all(shapes) } };
  },
} satisfies Handles<keyof typeof bulkRoutes>;

const aborted = (reason: string) =>
  ({ status: 'ABORT', state: null, details: { type: 'abort_details', reason } }) as const;

const bulkOf = (body: z.output<typeof BulkRequest>): Bulk => ({
  query: runQuery(body),
  operator: { by: body.by, note: body.note ?? null },
  limit: body.limit ?? NUMBERS.bulkAtMost,
  dryRun: body.dry_run ?? false,
});

const bulkShape = ({ changed, skipped, more }: BulkOutcome) => ({
  changed: changed.map(({ id, name, stateName }) => ({ id, name, state_name: stateName })),
  skipped: [...skipped],
  more,
});
