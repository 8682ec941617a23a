import type { Context } from './context.ts';
import { type DeploymentQuery, filterDeployments } from './filter-deployments.ts';
import { findFlows } from './find-flows.ts';
import { assertNoRunFilter } from './not-there-yet.ts';
import type { Flow } from './records.ts';

/**
 * Flows, also by the deployments that they have, and by the pools of those. Exact, in no order.
 * @throws DibsError not_supported
 */
export async function filterFlows(
  context: Context,
  {
    flows: filter,
    deployments,
    workPools,
    flowRuns,
    taskRuns,
  }: Omit<DeploymentQuery, 'workQueues'>,
): Promise<Flow[]> {
  assertNoRunFilter(flowRuns ?? taskRuns);
  const flows = await findFlows(context, filter);
  if (!deployments && !workPools) return flows;
  const related = await filterDeployments(context, { deployments, workPools });
  const ids = new Set(related.map(({ flowId }) => flowId));
  return flows.filter(({ id }) => ids.has(id));
}
