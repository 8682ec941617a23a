import type { Deployment } from '../../model/deployments.ts';
import type { Visit } from '../../model/schedules.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';
import { tellFailure } from '../failures.ts';
import { clearScheduledRuns } from './clear-runs.ts';
import { visitSchedules } from './visit-schedules.ts';

/**
 * The visit that is written with a deployment that has schedules, or had some until now, so that a
 * scheduler plans its runs again.
 */
export function visitAfter(deployment: Deployment, former?: Deployment): Visit | undefined {
  const had = former !== undefined && former.schedules.length > 0;
  if (!had && deployment.schedules.length === 0) return undefined;
  const { id: deploymentId, generation, updatedAt: since } = deployment;
  return { deploymentId, generation, since, at: since, until: {} };
}

/**
 * Adapts the future runs of a deployment right after a change is written. If this fails or is
 * interrupted, the scheduler does it within a minute, because the visit is due.
 */
export async function reschedule(
  context: Context,
  deployment: Deployment,
  since: Instant,
  former?: Deployment,
): Promise<void> {
  try {
    if (former) await clearScheduledRuns(context, deployment, since, former);
    await visitSchedules(context, deployment.id);
  } catch (error) {
    tellFailure(context, 'scheduling_failures', error);
  }
}
