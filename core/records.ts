import type { Instant } from './instant.ts';
import type { JsonText } from './json-text.ts';
import { LIMITS } from './limits.ts';
import type { Schedule } from './schedules.ts';

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
  readonly pendingTimeout: Instant | null;
}

export const RECOVERY: Recovery = {
  onLoss: 'requeue',
  maxLosses: LIMITS.maxLosses,
  onLeaseLoss: 'stop',
  prefectRunning: 'keep',
  pendingTimeout: null,
};

/** Who did something by hand, why, and when. */
export interface ByHand {
  readonly by: string;
  readonly note: string | null;
  readonly at: Instant;
}

export const COLLISION_STRATEGIES = ['ENQUEUE', 'CANCEL_NEW'] as const;
/** What becomes of a run that meets the full limit of its deployment: it waits, or is cancelled. */
export type CollisionStrategy = (typeof COLLISION_STRATEGIES)[number];

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

export interface Flow {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly labels: JsonText;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface Deployment {
  readonly id: string;
  readonly flowId: string;
  readonly name: string;
  readonly version: string | null;
  readonly description: string | null;
  readonly paused: boolean;
  readonly parameters: JsonText;
  readonly parameterSchema: JsonText;
  readonly enforceParameterSchema: boolean;
  readonly jobVariables: JsonText;
  readonly tags: readonly string[];
  readonly labels: JsonText;
  readonly queueId: string | null;
  readonly concurrencyLimit: number | null;
  /** null: nobody chose one, so it is ENQUEUE. */
  readonly collisionStrategy: CollisionStrategy | null;
  /** Prefect's; kept for its clients. Our slots live as long as claims do. */
  readonly graceSeconds: number | null;
  readonly path: string | null;
  readonly entrypoint: string | null;
  readonly pullSteps: JsonText | null;
  readonly storageDocumentId: string | null;
  readonly infrastructureDocumentId: string | null;
  readonly schedules: readonly Schedule[];
  /** Grows with every change. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/**
 * - `agent`   one life of one process that heartbeats and names its claims by their tokens
 * - `worker`  one life of a Prefect worker, as its heartbeats show it
 * - `raw`     callers whose life nobody sees: without a name, or under a name without heartbeats
 */
type SessionKind = 'agent' | 'worker' | 'raw';

export interface Session {
  readonly id: string;
  readonly poolId: string;
  readonly kind: SessionKind;
  /** '' for callers without a name. */
  readonly workerName: string;
  readonly host: string | null;
  readonly capacity: number;
  readonly running: number;
  readonly openedAt: Instant;
  readonly lastHeartbeatAt: Instant;
  /** null: it has no lease, so it never lapses. */
  readonly leaseExpiresAt: Instant | null;
  readonly endedAt: Instant | null;
  /** An operator wants it to claim nothing more. */
  readonly draining: ByHand | null;
  /** It has ended, and was left what it holds: see recover.ts. */
  readonly holds?: boolean;
  /** An operator deleted it: it is swept like any other that has ended, and not listed. */
  readonly deleted?: boolean;
}

export interface LogLine {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly message: string;
  readonly at: Instant;
  readonly taskRunId: string | null;
}
