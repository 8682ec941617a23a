import type * as z from 'zod';
import type { ClaimedRun } from '../../api/schemas/claims.ts';
import { formatClaimToken } from '../../core/claim-token.ts';
import type { Context } from '../../core/context.ts';
import type { Run } from '../../core/run.ts';
import { viewRuns } from '../../core/view-run.ts';
import { flowRunShape } from './flow-run.ts';
import { deploymentShape } from './records.ts';

/** Claims as they are handed out: all that an agent needs to execute the run, in one reply. */
export async function claimedRunShapes(
  context: Context,
  runs: readonly Run[],
  leaseSeconds: number,
): Promise<z.output<typeof ClaimedRun>[]> {
  if (runs.length === 0) return [];
  const ids = runs.flatMap(({ deploymentId }) => deploymentId ?? []);
  const [views, deployments] = await Promise.all([
    viewRuns(context, runs),
    ids.length > 0 ? context.store.readDeployments(ids) : [],
  ]);
  const shapes = new Map<string, ReturnType<typeof deploymentShape>>();
  for (const deployment of deployments) {
    const { queueId } = deployment;
    const place = queueId ? await context.store.readQueuePlace(queueId) : undefined;
    shapes.set(deployment.id, deploymentShape(deployment, place));
  }
  return views.map((view) => {
    const { id, attempt, claim, deploymentId = '' } = view.run;
    return {
      flow_run: flowRunShape(view, context.now()),
      deployment: shapes.get(deploymentId) ?? null,
      claim_token: formatClaimToken({ runId: id, attempt, secret: claim?.secret ?? '' }),
      attempt,
      lease_seconds: leaseSeconds,
    };
  });
}
