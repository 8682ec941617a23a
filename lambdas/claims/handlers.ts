import type { claimsRoutes } from '../../api/claims/routes.ts';
import { claim } from '../../core/claims/claim.ts';
import type { Handles } from '../http/http.ts';
import { claimedRunShapes } from './claimed-run-shape.ts';

export const claimHandlers = {
  claim: async (context, { path, body }) => {
    const claimed = await claim(context, {
      poolName: path.name,
      sessionId: body.session_id,
      workerName: body.worker_name,
      claimId: body.claim_id,
      limit: body.limit,
      queueNames: body.queue_names ?? [],
      start: body.start ?? false,
      repeat: body.repeat ?? false,
    });
    const runs = await claimedRunShapes(context, claimed.runs, claimed.leaseSeconds);
    return { status: 200, body: { runs, retry_after: claimed.retryAfterSeconds } };
  },
} satisfies Handles<keyof typeof claimsRoutes>;
