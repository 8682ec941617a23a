import type { pollsRoutes } from '../../api/claims/polls-routes.ts';
import { servedRuns } from '../../core/claims/serve-poll.ts';
import { scheduledRuns, scheduledRunsOfQueue } from '../../core/claims/worker-poll.ts';
import type { Context } from '../../core/context.ts';
import { viewRuns } from '../../core/runs/view-run.ts';
import { withinReply } from '../../core/sizes.ts';
import type { Run } from '../../model/runs/run.ts';
import { LAST_INSTANT } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Handles } from '../http/http.ts';
import { flowRunShape } from '../runs/flow-run-shape.ts';

export const pollHandlers = {
  pollWorkPool: async (context, { path, body, identity }) => {
    const { pool, runs } = await scheduledRuns(context, {
      poolName: path.name,
      queueNames: body.work_queue_names ?? [],
      scheduledBefore: body.scheduled_before ?? LAST_INSTANT,
      scheduledAfter: body.scheduled_after ?? 0,
      limit: body.limit ?? NUMBERS.page,
      workerName: identity.workerName,
    });
    const polled = (await shapes(context, runs)).map((run) => ({
      work_pool_id: pool.id,
      work_queue_id: run.work_queue_id ?? '',
      flow_run: run,
    }));
    return { status: 200, body: polled };
  },

  pollDeployments: async (context, { body }) => {
    const runs = await servedRuns(context, {
      deploymentIds: body.deployment_ids,
      scheduledBefore: body.scheduled_before ?? LAST_INSTANT,
      limit: body.limit ?? NUMBERS.page,
    });
    return { status: 200, body: await shapes(context, runs) };
  },

  pollWorkQueue: async (context, { path, body, identity, onlyLooks }) => {
    const runs = await scheduledRunsOfQueue(context, path.id, {
      scheduledBefore: body.scheduled_before ?? LAST_INSTANT,
      scheduledAfter: 0,
      limit: body.limit ?? NUMBERS.page,
      workerName: identity.workerName,
      onlyLooks,
    });
    return { status: 200, body: await shapes(context, runs) };
  },
} satisfies Handles<keyof typeof pollsRoutes>;

async function shapes(context: Context, runs: readonly Run[]) {
  const views = await viewRuns(context, withinReply(runs));
  return views.map((view) => flowRunShape(view, context.now()));
}
