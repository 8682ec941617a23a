import type { Run, RunState } from './runs/run.ts';
import type { ListedRun, RunWindow } from './runs/run-store.ts';
import type { Instant } from './values/instant.ts';
import type { JsonText } from './values/json-text.ts';

/**
 * A task run. Prefect's engine does not report ordinary tasks. Stored are the ones that it does
 * write: the task run that tracks a subflow (its parent), and any that older engines and scripts
 * create.
 */
export interface TaskRun {
  readonly id: string;
  readonly flowRunId: string | null;
  /** The flow of its flow run. */
  readonly flowId: string | null;
  /** Set if a person gave it; otherwise the name follows from the id (model/runs/run-name.ts). */
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
  /** The states before it, oldest first: the latest NUMBERS.taskRunStates of them. */
  readonly earlier: readonly RunState[];
}

/** A task run with the runs that it is the parent of. */
export interface TaskRunFound {
  readonly taskRun: TaskRun;
  readonly childRunIds: readonly string[];
}

/** A task run as it is shown: one that tracks a subflow has the subflow's state. */
export interface TrackedTaskRun {
  readonly taskRun: TaskRun;
  readonly child: Run | undefined;
}

/** Task runs. */
export interface TaskRunStore {
  /**
   * Once per flow run, task key and dynamic key: returns the id of the task run that has them.
   * 'id taken': a different task run has this id.
   */
  createTaskRun(taskRun: TaskRun): Promise<{ id: string; created: boolean } | 'id taken'>;
  /** A consistent read, with the runs that they are the parents of; missing ones are left out. */
  readTaskRuns(ids: readonly string[]): Promise<TaskRunFound[]>;
  /** Only if the task run is still in the state that was read. */
  updateTaskRun(read: TaskRun, change: Partial<TaskRun>): Promise<boolean>;
  deleteTaskRun(taskRun: TaskRun): Promise<void>;
  /** The ids of a flow run's task runs. A consistent read. */
  listTaskRunsOf(flowRunId: string): Promise<string[]>;
  /** By the later of creation and expected start, latest first. An index read. */
  listTaskRuns(
    window: Omit<RunWindow, 'deploymentIds'>,
  ): Promise<{ entries: ListedRun[]; next?: string }>;
}
