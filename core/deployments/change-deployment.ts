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
  /** The scope of a first limit, which has to settle: see settle.ts. */
  readonly settling?: Scope;
}

/**
 * One change after the other, however many come at once: each is decided on the deployment as the one
 * before left it, and has a generation of its own.
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
    // What was missed so far is made by the schedules as they are.
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
