import type { Deployment } from '../../model/deployments.ts';
import type { Context } from '../context.ts';
import { type DeploymentQuery, findDeployments } from './find-deployments.ts';
import { findRuns } from './find-runs.ts';
import type { RunQuery } from './match-runs.ts';

/** The runs that a record must have: at least one run has to match all filters. */
export type HavingRuns = Pick<RunQuery, 'flowRuns' | 'taskRuns'>;

/**
 * Finds deployments by their own fields and by their runs. The result is exact and in no order.
 * (Runs are in turn found by their deployments, so find-deployments.ts is a file of its own.)
 * @throws DibsError filter_too_broad
 */
export async function filterDeployments(
  context: Context,
  { flowRuns, taskRuns, ...query }: DeploymentQuery & HavingRuns,
): Promise<Deployment[]> {
  const found = await findDeployments(context, query);
  if ((!flowRuns && !taskRuns) || found.length === 0) return found;
  const deployments = { id: { any_: found.map(({ id }) => id) } };
  const runs = await findRuns(context, { flowRuns, taskRuns, deployments });
  const ids = new Set(runs.map(({ deploymentId }) => deploymentId));
  return found.filter(({ id }) => ids.has(id));
}
