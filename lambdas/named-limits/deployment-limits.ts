import type { Context } from '../../core/context.ts';
import {
  type DeploymentLimit,
  deploymentIdOf,
  limitNameOf,
  readDeploymentLimit,
} from '../../core/deployments/deployment-limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import { toIso } from '../../model/values/instant.ts';

/** The limit of a deployment, as limits with a name are shown. */
export const deploymentLimitShape = ({ deployment, limit, held }: DeploymentLimit) => ({
  id: deployment.id,
  created: toIso(deployment.createdAt),
  updated: toIso(deployment.updatedAt),
  name: limitNameOf(deployment),
  limit,
  active: true,
  active_slots: held,
  slot_decay_per_second: 0,
});

/**
 * Does `act` with the limit of this id or name. If there is none, but a deployment whose limit is
 * told by this id or name, it does `ofDeployment` with that one.
 */
export async function orOfDeployment<Result>(
  context: Context,
  limit: string,
  act: () => Promise<Result>,
  ofDeployment: (found: DeploymentLimit) => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const isMissing = error instanceof DibsError && error.code === 'concurrency_limit_not_found';
    const id = isMissing ? deploymentIdOf(limit) : undefined;
    const found = id && (await readDeploymentLimit(context, id));
    if (!found) throw error;
    return ofDeployment(found);
  }
}
