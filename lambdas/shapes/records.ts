import type * as z from 'zod';
import type { Worker as WorkerSchema } from '../../api/schemas/claims.ts';
import type { Flow as FlowSchema } from '../../api/schemas/flows.ts';
import type {
  WorkPool as WorkPoolSchema,
  WorkQueue as WorkQueueSchema,
} from '../../api/schemas/pools.ts';
import { SECOND, toIso } from '../../core/instant.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ByHand, Flow, Session, WorkPool, WorkQueue } from '../../core/records.ts';
import type { Worker } from '../../core/workers.ts';

/** A pool of Prefect's old agents has no status; any other is READY while an agent is alive. */
export function workPoolShape(
  pool: WorkPool,
  online: boolean,
  activeSlots: number | null,
): z.output<typeof WorkPoolSchema> {
  const { onLoss, maxLosses, onLeaseLoss, prefectRunning, pendingTimeout } = pool.recovery;
  const status = pool.isPaused ? 'PAUSED' : online ? 'READY' : 'NOT_READY';
  return {
    id: pool.id,
    created: toIso(pool.createdAt),
    updated: toIso(pool.updatedAt),
    name: pool.name,
    description: pool.description,
    type: pool.type,
    base_job_template: pool.baseJobTemplate,
    is_paused: pool.isPaused,
    concurrency_limit: pool.concurrencyLimit,
    status: pool.type === 'prefect-agent' ? null : status,
    default_queue_id: pool.defaultQueueId,
    storage_configuration: {
      bundle_upload_step: null,
      bundle_execution_step: null,
      default_result_storage_block_id: null,
    },
    active_slots: activeSlots,
    recovery: {
      on_loss: onLoss,
      max_losses: maxLosses,
      on_lease_loss: onLeaseLoss,
      prefect_running: prefectRunning,
      pending_timeout: pendingTimeout === null ? null : pendingTimeout / SECOND,
    },
    paused_by: byShape(pool.pausedBy),
  };
}

const byShape = (done: ByHand | null) =>
  done && { by: done.by, note: done.note ?? null, at: toIso(done.at) };

export const workQueueShape = (
  queue: WorkQueue,
  online: boolean,
  activeSlots: number | null,
): z.output<typeof WorkQueueSchema> => ({
  id: queue.id,
  created: toIso(queue.createdAt),
  updated: toIso(queue.updatedAt),
  name: queue.name,
  description: queue.description,
  is_paused: queue.isPaused,
  concurrency_limit: queue.concurrencyLimit,
  priority: queue.priority,
  work_pool_id: queue.poolId,
  work_pool_name: queue.poolName,
  filter: null,
  last_polled: null,
  status: queue.isPaused ? 'PAUSED' : online ? 'READY' : 'NOT_READY',
  active_slots: activeSlots,
});

export const flowShape = (flow: Flow): z.output<typeof FlowSchema> => ({
  id: flow.id,
  created: toIso(flow.createdAt),
  updated: toIso(flow.updatedAt),
  name: flow.name,
  tags: [...flow.tags],
  labels: flow.labels,
});

export const workerShape = ({ session, online, holds }: Worker): z.output<typeof WorkerSchema> => ({
  id: session.id,
  created: toIso(session.openedAt),
  updated: toIso(session.lastHeartbeatAt),
  name: session.workerName,
  work_pool_id: session.poolId,
  last_heartbeat_time: toIso(session.lastHeartbeatAt),
  heartbeat_interval_seconds: heartbeatSeconds(session),
  kind: session.kind === 'worker' ? 'worker' : 'agent',
  draining: byShape(session.draining),
  status: online ? 'ONLINE' : 'OFFLINE',
  host: session.host,
  capacity: session.capacity,
  ended: session.endedAt === null ? null : toIso(session.endedAt),
  holds: holds.map(({ runId, attempt }) => ({ id: runId, attempt })),
});

const heartbeatSeconds = ({ kind, leaseExpiresAt, lastHeartbeatAt }: Session): number => {
  if (kind !== 'worker' || leaseExpiresAt === null) return LIMITS.lease / 3 / SECOND;
  return (leaseExpiresAt - lastHeartbeatAt) / LIMITS.workerBeatsMissed / SECOND;
};
