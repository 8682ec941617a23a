import { DibsError, deploymentNotFound, flowNotFound } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { nextLimit } from '../limits/set-limit.ts';
import { cancelWaiting } from './cancel-waiting.ts';
import { changeDeployment } from './change-deployment.ts';
import { readDeployment } from './deployments.ts';
import { readFlow } from './flows.ts';

/**
 * Deletes a deployment; its name is free again. Its runs stay on record: waiting runs are
 * cancelled, because no agent would know how to execute them; held runs continue.
 *
 * Waiting runs are cancelled before the deletion, so that after an interruption the deployment
 * still exists and repeating the request continues. They are cancelled once more after it, for runs
 * that were created in the meantime.
 * @throws DibsError deployment_not_found, too_busy
 */
export async function deleteDeployment(context: Context, id: string): Promise<void> {
  const deployment = await readDeployment(context, id);
  if (deployment.schedules.length > 0) {
    // From now on no scheduled run is created, and the future ones are deleted.
    await changeDeployment(context, id, (before) => ({ ...before, schedules: [] }));
  }
  const seen = await cancelWaiting(context, id);
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const limit = await nextLimit(context, { kind: 'deployment', id }, null);
    const done = await context.store.deleteDeployment(deployment, limit);
    if (done === 'missing') throw deploymentNotFound();
    if (done === 'deleted') {
      await cancelWaiting(context, id, seen);
      return;
    }
  }
  throw new DibsError('too_busy', 'The limit of this deployment kept changing during the request.');
}

/**
 * Deletes a flow with its deployments. Its runs stay until their retention ends.
 * @throws DibsError flow_not_found, too_busy
 */
export async function deleteFlow(context: Context, id: string): Promise<void> {
  await readFlow(context, id);
  for (const deploymentId of await context.store.listDeploymentIds(id)) {
    try {
      await deleteDeployment(context, deploymentId);
    } catch (error) {
      // Another caller has deleted it.
      if (!(error instanceof DibsError && error.code === 'deployment_not_found')) throw error;
    }
  }
  if (!(await context.store.deleteFlow(id))) throw flowNotFound();
}
