import type { Deployment } from '../../model/deployments.ts';
import type { Scope } from '../../model/limits.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { ensureLane, ensureLanes } from '../limits/lanes.ts';
import { nextLimit } from '../limits/set-limit.ts';
import { reschedule, visitAfter } from '../schedules/reschedule.ts';
import { visitSchedules } from '../schedules/visit-schedules.ts';
import { readDeployment } from './deployments.ts';

export interface ChangedDeployment {
  readonly deployment: Deployment;
  /** The scope of a first limit, which has to settle: see core/limits/settle.ts. */
  readonly settling?: Scope;
}

/**
 * Applies a change to a deployment. Concurrent changes are applied one after the other: each is
 * decided on the result of the one before it, and increments the generation.
 * @throws DibsError deployment_not_found, too_busy
 */
export async function changeDeployment(
  context: Context,
  id: string,
  decide: (current: Deployment) => Deployment,
): Promise<ChangedDeployment> {
  const scope: Scope = { kind: 'deployment', id };
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const current = await readDeployment(context, id);
    // Runs that were missed until now are created from the schedules before the change.
    if (current.schedules.length > 0) await visitSchedules(context, id);
    const at = context.now();
    const changed = {
      ...decide(current),
      id,
      createdAt: current.createdAt,
      generation: current.generation + 1,
      updatedAt: at,
    };
    const visit = visitAfter(changed, current);
    const { concurrencyLimit, collisionStrategy } = changed;
    const limit = await nextLimit(context, scope, concurrencyLimit, collisionStrategy ?? undefined);
    if (limit?.settlesAt != null) await ensureLanes(context, changed);
    else await ensureLane(context, changed, changed.queueId);
    const done = await context.store.overwriteDeployment(changed, { limit, visit });
    if (done !== 'updated') continue;
    if (visit) await reschedule(context, changed, at, current);
    return { deployment: changed, ...(limit?.settlesAt == null ? {} : { settling: scope }) };
  }
  throw new DibsError('too_busy', 'This deployment kept changing while it was being changed.');
}
