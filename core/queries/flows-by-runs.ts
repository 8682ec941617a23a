import type { Flow } from '../../model/deployments.ts';
import type { Context } from '../context.ts';
import type { HavingRuns } from './deployments-by-runs.ts';
import { type DeploymentQuery, findDeployments } from './find-deployments.ts';
import { findFlows } from './find-flows.ts';
import { findRuns } from './find-runs.ts';

/**
 * Finds flows by their own fields, by their deployments and those deployments' pools, and by their
 * runs. The result is exact and in no order.
 * @throws DibsError filter_too_broad
 */
export async function filterFlows(
  context: Context,
  {
    flows: filter,
    deployments,
    workPools,
    flowRuns,
    taskRuns,
  }: Omit<DeploymentQuery, 'workQueues'> & HavingRuns,
): Promise<Flow[]> {
  const flows = await findFlows(context, filter);
  if (flows.length === 0) return flows;
  const deployed =
    deployments || workPools
      ? flowIds(await findDeployments(context, { deployments, workPools }))
      : undefined;
  const run =
    flowRuns || taskRuns ? flowIds(await findRuns(context, { flowRuns, taskRuns })) : undefined;
  return flows.filter(({ id }) => (deployed?.has(id) ?? true) && (run?.has(id) ?? true));
}

const flowIds = (records: readonly { readonly flowId: string }[]) =>
  new Set(records.map(({ flowId }) => flowId));
