import type * as z from 'zod';
import type {
  WorkPool as WorkPoolSchema,
  WorkQueue as WorkQueueSchema,
} from '../../api/pools/schemas.ts';
import { isPolled } from '../../core/pools/polled.ts';
import { PREFECT_AGENT } from '../../core/pools/pools.ts';
import type { WorkPool, WorkQueue } from '../../model/pools.ts';
import type { Session } from '../../model/sessions.ts';
import type { ByHand } from '../../model/values/by-hand.ts';
import { type Instant, SECOND, toIso } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { isPrefectUpTo } from '../http/client-version.ts';

/** A pool of Prefect 2's agents has no status. Any other is READY while an agent is alive. */
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
    status: pool.type === PREFECT_AGENT ? null : status,
    default_queue_id: pool.defaultQueueId,
    storage_configuration: storageShape(pool),
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

const storageShape = ({ storage }: WorkPool) => ({
  bundle_upload_step: storage.bundleUploadStep,
  bundle_execution_step: storage.bundleExecutionStep,
  default_result_storage_block_id: storage.resultStorageBlockId,
});

/** Clients up to 3.3.7 refuse a pool with a field that they do not know. */
export function poolForClient(
  shape: z.output<typeof WorkPoolSchema>,
  userAgent: string | undefined,
): z.output<typeof WorkPoolSchema> {
  if (!isPrefectUpTo(userAgent, [3, 3, 7])) return shape;
  const { default_result_storage_block_id: _, ...known } = shape.storage_configuration;
  return { ...shape, storage_configuration: known };
}

export const byShape = (done: ByHand | null) =>
  done && { by: done.by, note: done.note ?? null, at: toIso(done.at) };

export const workQueueShape = (
  queue: WorkQueue,
  polledAt: Instant | null,
  activeSlots: number | null,
  now: Instant,
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
  last_polled: polledAt === null ? null : toIso(polledAt),
  status: queue.isPaused ? 'PAUSED' : isPolled(polledAt, now) ? 'READY' : 'NOT_READY',
  active_slots: activeSlots,
});

export const heartbeatSeconds = ({ kind, leaseExpiresAt, lastHeartbeatAt }: Session): number => {
  if (kind !== 'worker' || leaseExpiresAt === null) return NUMBERS.lease / 3 / SECOND;
  return (leaseExpiresAt - lastHeartbeatAt) / NUMBERS.workerBeatsMissed / SECOND;
};
