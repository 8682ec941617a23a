import type { sessionsRoutes } from '../../api/sessions/routes.ts';
import { heartbeat } from '../../core/sessions/heartbeat.ts';
import { workerHeartbeat } from '../../core/sessions/worker-heartbeat.ts';
import { claimedRunShapes } from '../claims/claimed-run-shape.ts';
import type { Handles } from '../http/http.ts';

export const sessionHandlers = {
  heartbeat: async (context, { path, body }) => {
    const beat = await heartbeat(context, {
      poolName: path.name,
      sessionId: path.session_id,
      workerName: body.worker_name,
      host: body.host ?? null,
      started: body.started ?? false,
      ...(body.replaces ? { replaces: body.replaces } : {}),
      capacity: body.capacity,
      runs: body.runs,
      ended: body.ended ?? false,
    });
    const unknown = await claimedRunShapes(context, beat.unknown, beat.leaseSeconds);
    const claimIds = new Map(beat.unknown.map((run) => [run.id, run.claim?.claimId ?? '']));
    return {
      status: 200,
      body: {
        lease_seconds: beat.leaseSeconds,
        on_lease_loss: beat.onLeaseLoss,
        draining: beat.draining,
        cancel: [...beat.cancel],
        lost: beat.lost.map(({ id, attempt, holder }) => ({
          id,
          attempt,
          holder: holder && { session_id: holder.sessionId, worker_name: holder.workerName },
        })),
        unknown: unknown.map((run) => ({ ...run, claim_id: claimIds.get(run.flow_run.id) ?? '' })),
      },
    };
  },

  workerHeartbeat: async (context, { path, body }) => {
    await workerHeartbeat(context, {
      poolName: path.name,
      workerName: body.name,
      intervalSeconds: body.heartbeat_interval_seconds ?? null,
    });
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof sessionsRoutes>;
