import type * as z from 'zod';
import type { ClaimedRun } from '../../api/claims/schemas.ts';
import type { Context } from '../../core/context.ts';
import { viewRuns } from '../../core/runs/view-run.ts';
import { bytesOf, withinReply } from '../../core/sizes.ts';
import { formatClaimToken } from '../../model/runs/claim-token.ts';
import type { Run } from '../../model/runs/run.ts';
import { deploymentShape } from '../deployments/deployment-shape.ts';
import { flowRunShape } from '../runs/flow-run-shape.ts';

/**
 * Claimed runs as an agent receives them: all that it needs to execute them, in one response. Runs
 * that would make the response too large are left out. They are held all the same, and come as
 * `unknown` with a later heartbeat.
 */
export async function claimedRunShapes(
  context: Context,
  runs: readonly Run[],
  leaseSeconds: number,
): Promise<z.output<typeof ClaimedRun>[]> {
  if (runs.length === 0) return [];
  const deployments = await context.store.readDeploymentsSince(generations(runs));
  const bytes = new Map(deployments.map((deployment) => [deployment.id, bytesOf(deployment)]));
  const told = withinReply(runs, ({ deploymentId = '' }) => bytes.get(deploymentId) ?? 0);
  const views = await viewRuns(context, told);
  const shapes = new Map<string, ReturnType<typeof deploymentShape>>();
  for (const deployment of deployments) {
    const { queueId } = deployment;
    const place = queueId ? await context.store.readQueuePlace(queueId) : undefined;
    shapes.set(deployment.id, deploymentShape(deployment, { place, now: context.now() }));
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

/** The latest generation of each deployment that any of these runs was created under. */
function generations(runs: readonly Run[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { deploymentId, deploymentGeneration = 1 } of runs) {
    if (!deploymentId) continue;
    wanted.set(deploymentId, Math.max(deploymentGeneration, wanted.get(deploymentId) ?? 0));
  }
  return wanted;
}
