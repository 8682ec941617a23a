import type { Instant } from '../instant.ts';
import type { QueuePlace, WorkPool, WorkQueue } from '../records.ts';
import type { Limit } from '../slots.ts';

/** Work pools and their queues. */
export interface PoolStore {
  createPool(pool: WorkPool, queue: WorkQueue, limit?: Limit): Promise<'created' | 'exists'>;
  readPool(name: string, how: Freshness): Promise<WorkPool | undefined>;
  listPools(): Promise<WorkPool[]>;
  /** A limit comes with it, all or nothing, here and below: it must be of the next version. */
  updatePool(name: string, change: Partial<WorkPool>, limit?: Limit): Promise<Changed>;
  /** Creates `queue` and moves others to make room for its priority, all or nothing. */
  createQueue(
    queue: WorkQueue,
    moved: readonly WorkQueue[],
    limit?: Limit,
  ): Promise<'created' | 'exists'>;
  updateQueue(
    queue: WorkQueue,
    change: Partial<WorkQueue>,
    moved: readonly WorkQueue[],
    limit?: Limit,
  ): Promise<Changed>;
  /** Registers a lane: before the first run waits in it. */
  addLane(place: QueuePlace, deploymentId: string): Promise<void>;
  /** Of a pool, by priority. */
  listQueues(poolId: string, how: Freshness): Promise<WorkQueue[]>;
  readQueuePlace(queueId: string): Promise<QueuePlace | undefined>;
}

/**
 * `cached`: as it was within the last 2 s is good enough (a poll, a name for display); `since`: if it
 * was read after that instant.
 */
export type Freshness = 'fresh' | 'cached' | { readonly since: Instant };

/** `outrun`: somebody else changed it, or its limit, since it was read. */
export type Changed = 'updated' | 'missing' | 'outrun';
