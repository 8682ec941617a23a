import type { Limit } from './limits.ts';
import type { ByHand } from './values/by-hand.ts';
import type { Instant, Micros } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';
import { NUMBERS } from './values/numbers.ts';

/** A pool's setting: what happens to a claim whose session died. */
export interface Recovery {
  readonly onLoss: 'requeue' | 'fail' | 'crash';
  /**
   * After this many lost sessions a run becomes CRASHED: else it might go on killing agents
   * forever.
   */
  readonly maxLosses: number;
  /** What an agent that is cut off does with its child processes before its lease can expire. */
  readonly onLeaseLoss: 'stop' | 'keep';
  /**
   * What happens to RUNNING runs of a Prefect worker that went OFFLINE. The engines that it started
   * may still be alive.
   */
  readonly prefectRunning: 'keep' | 'requeue';
  /**
   * How long a run may stay PENDING under a Prefect worker that shows signs of preparing it; null:
   * without end.
   */
  readonly pendingTimeout: Micros | null;
}

export const DEFAULT_RECOVERY: Recovery = {
  onLoss: 'requeue',
  maxLosses: NUMBERS.maxLosses,
  onLeaseLoss: 'stop',
  prefectRunning: 'keep',
  pendingTimeout: null,
};

/** How Prefect's clients ship code to a pool's workers. Stored for the clients, and not used. */
export interface StorageConfiguration {
  readonly bundleUploadStep: JsonText | null;
  readonly bundleExecutionStep: JsonText | null;
  readonly resultStorageBlockId: string | null;
}

export const NO_STORAGE: StorageConfiguration = {
  bundleUploadStep: null,
  bundleExecutionStep: null,
  resultStorageBlockId: null,
};

export interface WorkPool {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly description: string | null;
  readonly baseJobTemplate: JsonText;
  readonly isPaused: boolean;
  /** Set when all pools were paused at once: resuming them all resumes this pool, too. */
  readonly pausedBy: ByHand | null;
  readonly concurrencyLimit: number | null;
  readonly recovery: Recovery;
  readonly storage: StorageConfiguration;
  readonly defaultQueueId: string;
  /** Grows whenever a queue is created or deleted, and whenever the order of the queues changes. */
  readonly queuesVersion: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface WorkQueue {
  readonly id: string;
  readonly name: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly description: string;
  readonly isPaused: boolean;
  /** 1 is served first; unique in its pool. */
  readonly priority: number;
  readonly concurrencyLimit: number | null;
  /**
   * The deployments whose runs wait in this queue and that have, or once had, a limit: each has a
   * lane in this queue. The list only grows.
   */
  readonly limited: readonly string[];
  /** The number of partitions that new waiting runs are spread over. */
  readonly shards: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/**
 * Enough of a queue to name it and its pool. A queue that was deleted has none, though runs may
 * still name its id: see core/pools/delete-queue.ts.
 */
export interface QueuePlace {
  readonly queueId: string;
  readonly queueName: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly shards: number;
  /** When the queue was last polled, to within half a minute; null: never. */
  readonly polledAt: Instant | null;
}

/** Where runs of a queue wait: one of its shards, or the lane of a deployment that has a limit. */
export type QueuePart = number | { readonly lane: string };

/** All parts of a queue: whoever lists the runs that wait in it reads each of them. */
export const placesOf = ({
  shards,
  limited,
}: Pick<WorkQueue, 'shards' | 'limited'>): QueuePart[] => [
  ...Array.from({ length: shards }, (_, shard) => shard),
  ...limited.map((lane) => ({ lane })),
];

/** A pool that was deleted. Kept on record while any run that was claimed in it is still held. */
export interface DeletedPool {
  readonly id: string;
  readonly name: string;
  readonly recovery: Recovery;
  readonly deletedAt: Instant;
}

/** A queue that was deleted. Kept on record while runs wait in it or may be given back to it. */
export interface DeletedQueue extends Pick<WorkQueue, 'id' | 'poolId' | 'shards' | 'limited'> {
  readonly deletedAt: Instant;
}

/** Work pools and their queues. */
export interface PoolStore {
  createPool(pool: WorkPool, queue: WorkQueue, limit?: Limit): Promise<'created' | 'exists'>;
  readPool(name: string, how: Freshness): Promise<WorkPool | undefined>;
  listPools(): Promise<WorkPool[]>;
  /**
   * The limit is written with it, all or nothing, here and below. It must be of the next version.
   */
  updatePool(
    pool: Pick<WorkPool, 'id' | 'name'>,
    change: Partial<WorkPool>,
    limit?: Limit,
  ): Promise<Changed>;
  /**
   * Deletes the pool and its limit, and keeps the pool on record as a deleted one. The caller has
   * to clear its queues. False: the pool does not exist, or another one now has its name.
   */
  deletePool(pool: WorkPool, at: Instant): Promise<boolean>;
  /** The deleted pools of that name, or all of them. */
  listDeletedPools(name?: string): Promise<DeletedPool[]>;
  /** Removes a deleted pool from the record, with everything that is left in it. */
  forgetDeletedPool(pool: DeletedPool): Promise<void>;

  /** Creates `queue` at the place that `order` makes for it, all or nothing. */
  createQueue(
    queue: WorkQueue,
    order: QueueOrder,
    limit?: Limit,
  ): Promise<'created' | 'exists' | 'outrun'>;
  updateQueue(queue: WorkQueue, change: Partial<WorkQueue>, beside?: BesideQueue): Promise<Changed>;
  /**
   * Deletes the queue and its limit, and keeps the queue on record as a deleted one. False: the
   * queue does not exist, or another one now has its name.
   */
  deleteQueue(queue: WorkQueue, at: Instant): Promise<boolean>;
  /** Does the same for all queues of a pool that was deleted. */
  clearQueues(poolId: string, at: Instant): Promise<void>;
  listDeletedQueues(): Promise<DeletedQueue[]>;
  forgetDeletedQueue(queueId: string): Promise<void>;
  /** Registers a lane. Call it before the first run waits in the lane. */
  addLane(place: Pick<QueuePlace, 'poolId' | 'queueName'>, deploymentId: string): Promise<void>;
  /** The queues of a pool, by priority. */
  listQueues(poolId: string, how: Freshness): Promise<WorkQueue[]>;
  readQueuePlace(queueId: string): Promise<QueuePlace | undefined>;

  /**
   * Notes that these queues are being polled. It writes once per queue, process and half minute, so
   * that a poll costs nothing. Queues that were deleted in the meantime are skipped.
   */
  stampPolled(queueIds: readonly string[]): Promise<void>;
  /** Notes that a queue was polled at another time than now. */
  notePolled(queueId: string, at: Instant): Promise<void>;
  /** When each queue was last polled; queues that never were are left out. */
  readPolled(queueIds: readonly string[]): Promise<Map<string, Instant>>;
  /** The same for deployments without a queue. They must exist: the caller has just read them. */
  stampServed(deploymentIds: readonly string[]): Promise<void>;
  readServed(deploymentIds: readonly string[]): Promise<Map<string, Instant>>;
}

/** Written in one transaction with a queue: the new order of its pool's queues, and its limit. */
export interface BesideQueue {
  readonly order?: QueueOrder | undefined;
  readonly limit?: Limit | undefined;
}

/**
 * A pool whose queues were read after it, and the queues that move back to make room. Written on
 * condition that the order of the queues has not changed since.
 */
export interface QueueOrder {
  readonly pool: WorkPool;
  readonly moved: readonly WorkQueue[];
}

/**
 * How recent a read must be. `cached`: a record read in the last 2 s will do (for a poll, or a name
 * to display); `since`: the same, if it was read after that instant.
 */
export type Freshness = 'fresh' | 'cached' | { readonly since: Instant };

/** `outrun`: another writer has changed it, or its limit, since it was read. */
export type Changed = 'updated' | 'missing' | 'outrun';
