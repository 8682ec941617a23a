import type { Instant } from '../instant.ts';
import type { DeletedPool, DeletedQueue, QueuePlace, WorkPool, WorkQueue } from '../records.ts';
import type { Limit } from '../slots.ts';

/** Work pools and their queues. */
export interface PoolStore {
  createPool(pool: WorkPool, queue: WorkQueue, limit?: Limit): Promise<'created' | 'exists'>;
  readPool(name: string, how: Freshness): Promise<WorkPool | undefined>;
  listPools(): Promise<WorkPool[]>;
  /** A limit comes with it, all or nothing, here and below: it must be of the next version. */
  updatePool(
    pool: Pick<WorkPool, 'id' | 'name'>,
    change: Partial<WorkPool>,
    limit?: Limit,
  ): Promise<Changed>;
  /**
   * The pool and its limit; it stays on record as a deleted one. Its queues are the caller's to clear
   * away. False: it is not there, or another one has its name.
   */
  deletePool(pool: WorkPool, at: Instant): Promise<boolean>;
  /** Of that name, or all of them. */
  listDeletedPools(name?: string): Promise<DeletedPool[]>;
  /** Takes a deleted pool off the record, and what is left in it. */
  forgetDeletedPool(pool: DeletedPool): Promise<void>;

  /** Creates `queue` where `order` leaves room for it, all or nothing. */
  createQueue(
    queue: WorkQueue,
    order: QueueOrder,
    limit?: Limit,
  ): Promise<'created' | 'exists' | 'outrun'>;
  updateQueue(
    queue: WorkQueue,
    change: Partial<WorkQueue>,
    order?: QueueOrder,
    limit?: Limit,
  ): Promise<Changed>;
  /**
   * The queue and its limit; it stays on record as a deleted one. False: it is not there, or another
   * one has its name.
   */
  deleteQueue(queue: WorkQueue, at: Instant): Promise<boolean>;
  /** The same for all queues of a pool that was deleted. */
  clearQueues(poolId: string, at: Instant): Promise<void>;
  listDeletedQueues(): Promise<DeletedQueue[]>;
  forgetDeletedQueue(queueId: string): Promise<void>;
  /** Registers a lane: before the first run waits in it. */
  addLane(place: Pick<QueuePlace, 'poolId' | 'queueName'>, deploymentId: string): Promise<void>;
  /** Of a pool, by priority. */
  listQueues(poolId: string, how: Freshness): Promise<WorkQueue[]>;
  readQueuePlace(queueId: string): Promise<QueuePlace | undefined>;

  /**
   * Somebody polls these queues: one write per queue, process and half minute, so that a poll costs
   * nothing. What was deleted meanwhile is passed over.
   */
  stampPolled(queueIds: readonly string[]): Promise<void>;
  /** When they were polled last; those that never were are left out. */
  readPolled(queueIds: readonly string[]): Promise<Map<string, Instant>>;
  /** The same for deployments in no queue, which are there: they were just read. */
  stampServed(deploymentIds: readonly string[]): Promise<void>;
  readServed(deploymentIds: readonly string[]): Promise<Map<string, Instant>>;
}

/** A pool whose queues were read after it, and those that step back: written while nobody else does. */
export interface QueueOrder {
  readonly pool: WorkPool;
  readonly moved: readonly WorkQueue[];
}

/**
 * `cached`: as it was within the last 2 s is good enough (a poll, a name for display); `since`: if it
 * was read after that instant.
 */
export type Freshness = 'fresh' | 'cached' | { readonly since: Instant };

/** `outrun`: somebody else changed it, or its limit, since it was read. */
export type Changed = 'updated' | 'missing' | 'outrun';
