import type { Instant } from './instant.ts';
import type { JsonText } from './json-text.ts';
import type { Run, RunState } from './run.ts';

/**
 * A task run. Prefect's engine keeps those of ordinary tasks to itself; here are the ones it writes:
 * that which tracks a subflow (its parent), and whatever older engines and scripts create.
 */
export interface TaskRun {
  readonly id: string;
  readonly flowRunId: string | null;
  /** Of its flow run. */
  readonly flowId: string | null;
  /** Given by a person; otherwise the name follows from the id (run-name.ts). */
  readonly name?: string;
  readonly taskKey: string;
  readonly dynamicKey: string;
  readonly cacheKey: string | null;
  readonly cacheExpiration: Instant | null;
  readonly taskVersion: string | null;
  readonly retries: number | null;
  readonly retryDelay: number | readonly number[] | null;
  readonly retryJitterFactor: number | null;
  readonly tags: readonly string[];
  readonly labels: JsonText;
  readonly taskInputs: JsonText;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly expectedAt: Instant;
  readonly startedAt: Instant | null;
  readonly runCount: number;
  /** Microseconds spent RUNNING before the current state. */
  readonly ranBefore: number;
  readonly state: RunState;
}

/** With the runs it is the parent of. */
export interface TaskRunFound {
  readonly taskRun: TaskRun;
  readonly childRunIds: readonly string[];
}

/** A task run as it is shown: where it tracks a subflow, in the state of that. */
export interface TrackedTaskRun {
  readonly taskRun: TaskRun;
  readonly child: Run | undefined;
}
