import type { Deployment } from '../../model/deployments.ts';
import type { Context } from '../context.ts';
import { type DeploymentQuery, findDeployments } from './find-deployments.ts';
import { findRuns } from './find-runs.ts';
import type { RunQuery } from './match-runs.ts';

/** Which runs something must have: one of them has to fit all of it. */
export type HavingRuns = Pick<RunQuery, 'flowRuns' | 'taskRuns'>;

/**
 * Deployments, also by the runs that they have. Exact, in no order. (Runs are found by their deployments:
 * that is why those are found in a file of their own.)
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
