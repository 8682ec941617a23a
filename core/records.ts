import type { Instant } from './instant.ts';
import type { JsonText } from './json-text.ts';

export interface WorkPool {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly description: string | null;
  readonly baseJobTemplate: JsonText;
  readonly isPaused: boolean;
  readonly defaultQueueId: string;
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
  /** Into how many partitions new waiting runs go. */
  readonly shards: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Enough of a queue to name it and its pool, by the queue's id. */
export interface QueuePlace {
  readonly queueId: string;
  readonly queueName: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly shards: number;
}

export interface Flow {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly labels: JsonText;
  readonly createdAt: Instant;
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
  readonly path: string | null;
  readonly entrypoint: string | null;
  readonly pullSteps: JsonText | null;
  readonly storageDocumentId: string | null;
  readonly infrastructureDocumentId: string | null;
  /** Grows with every overwrite. */
  readonly generation: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** One life of one agent process. */
export interface Session {
  readonly id: string;
  readonly poolId: string;
  readonly workerName: string;
  readonly host: string | null;
  readonly capacity: number;
  readonly running: number;
  readonly openedAt: Instant;
  readonly lastHeartbeatAt: Instant;
  readonly leaseExpiresAt: Instant;
  readonly endedAt: Instant | null;
}

export interface LogLine {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly message: string;
  readonly at: Instant;
  readonly taskRunId: string | null;
}
