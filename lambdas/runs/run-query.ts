import type * as z from 'zod';
import type { FlowRunsCount } from '../../api/runs/schemas.ts';
import type { RunQuery } from '../../core/queries/match-runs.ts';

/** The runs that a body asks for. */
export const runQuery = (body: z.output<typeof FlowRunsCount>): RunQuery => ({
  flowRuns: body?.flow_runs,
  flows: body?.flows,
  deployments: body?.deployments,
  workPools: body?.work_pools,
  workQueues: body?.work_pool_queues,
  taskRuns: body?.task_runs,
});
