import type { releaseRoutes } from '../../api/claims/release-routes.ts';
import { readClaims } from '../../core/claims/claim-history.ts';
import { releaseRun } from '../../core/claims/release-run.ts';
import { viewRun, viewState } from '../../core/runs/view-run.ts';
import { toIso } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { personOf } from '../http/person.ts';
import { flowRunShape } from '../runs/flow-run-shape.ts';

export const releaseHandlers = {
  readFlowRunClaims: async (context, { path }) => {
    const claims = await readClaims(context, path.id);
    const body = claims.map(async ({ end, ...claim }) => ({
      attempt: claim.attempt,
      session_id: claim.sessionId,
      worker_name: claim.workerName,
      claimed: toIso(claim.claimedAt),
      started: claim.startedAt === null ? null : toIso(claim.startedAt),
      ended: end && toIso(end.at),
      reason: end?.why ?? null,
      message: end && (await viewState(context, { runId: path.id }, end.state)).message,
    }));
    return { status: 200, body: await Promise.all(body) };
  },

  releaseFlowRun: async (context, { path, body }) => {
    const run = await releaseRun(context, path.id, personOf(body));
    return { status: 200, body: flowRunShape(await viewRun(context, run), context.now()) };
  },
} satisfies Handles<keyof typeof releaseRoutes>;
