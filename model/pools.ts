import type { Limit } from './limits.ts';
import type { ByHand } from './values/by-hand.ts';
import type { Instant, Micros } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';
import { NUMBERS } from './values/numbers.ts';

/** What becomes of a claim whose session died; a setting of its pool. */
export interface Recovery {
  readonly onLoss: 'requeue' | 'fail' | 'crash';
  /** At this many losses a run is CRASHED: it would kill agents for ever. */
  readonly maxLosses: number;
  /** What an agent that is cut off does with its children before its lease can lapse. */
  readonly onLeaseLoss: 'stop' | 'keep';
  /** RUNNING runs of a Prefect worker that went OFFLINE: its engines may well live on. */
  readonly prefectRunning: 'keep' | 'requeue';
  /** For PENDING under a Prefect worker that shows signs of preparing the run; null: none. */
  readonly pendingTimeout: Micros | null;
}

export const DEFAULT_RECOVERY: Recovery = {
  onLoss: 'requeue',
  maxLosses: NUMBERS.maxLosses,
  onLeaseLoss: 'stop',
  prefectRunning: 'keep',
  pendingTimeout: null,
};

/** How Prefect's clients ship code to a pool's workers: kept for them, and nothing is done with it. */
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
  /** Where all pools were paused at once: resuming them all resumes this one. */
  readonly pausedBy: ByHand | null;
  readonly concurrencyLimit: number | null;
  readonly recovery: Recovery;
  readonly storage: StorageConfiguration;
  readonly defaultQueueId: string;
  /** Grows with every queue that comes or goes, and with every change of their order. */
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
   * Deployments whose runs wait here and that have, or once had, a limit: each has a lane in this
   * queue. It only grows.
   */
  readonly limited: readonly string[];
  /** Into how many partitions new waiting runs go. */
  readonly shards: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/**
 * Enough of a queue to name it and its pool, by the queue's id. Where the queue was deleted there is
 * none, though runs may name it still: see delete-queue.ts.
 */
export interface QueuePlace {
  readonly queueId: string;
  readonly queueName: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly shards: number;
  /** When it was polled last, to the half minute; null: never. */
  readonly polledAt: Instant | null;
}

/** A pool that was deleted, for as long as anything is held that was claimed in it. */
export interface DeletedPool {
  readonly id: string;
  readonly name: string;
  readonly recovery: Recovery;
  readonly deletedAt: Instant;
}

/** A queue that was deleted, for as long as runs wait in it or may be given back to it. */
export interface DeletedQueue extends Pick<WorkQueue, 'id' | 'poolId' | 'shards' | 'limited'> {
  readonly deletedAt: Instant;
}

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
  updateQueue(queue: WorkQueue, change: Partial<WorkQueue>, beside?: BesideQueue): Promise<Changed>;
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

/** What is written with a queue, all or nothing: where the others go, and its limit. */
export interface BesideQueue {
  readonly order?: QueueOrder | undefined;
  readonly limit?: Limit | undefined;
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
