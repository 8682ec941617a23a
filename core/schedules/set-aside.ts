import type { Deployment } from '../../model/deployments.ts';
import type { Instant } from '../../model/values/instant.ts';
import type { Context } from '../context.ts';

/**
 * Writes into a deployment why some of its schedules create no more runs, by schedule id. Such a
 * schedule costs nothing from then on; the others go on. If the deployment has changed in the
 * meantime, nothing is written, and the next visit looks again.
 *
 * @param since the runs of the other schedules are created up to here
 */
export async function setAside(
  { store }: Pick<Context, 'store'>,
  deployment: Deployment,
  reasons: ReadonlyMap<string, string>,
  since: Instant,
): Promise<void> {
  const schedules = deployment.schedules.map((schedule) => {
    const reason = reasons.get(schedule.id);
    return reason === undefined ? schedule : { ...schedule, setAside: reason };
  });
  const generation = deployment.generation + 1;
  const visit = { deploymentId: deployment.id, generation, since, at: since, until: {} };
  const changed = { ...deployment, schedules, generation, updatedAt: since };
  await store.overwriteDeployment(changed, { visit });
}
