import type { TaskRun, TaskRunFound } from '../task-run.ts';
import type { ListedRun, RunWindow } from './runs.ts';

/** Task runs. */
export interface TaskRunStore {
  /**
   * Once per flow run, task key and dynamic key: the id of the one that has them. 'id taken': another
   * task run has this id.
   */
  createTaskRun(taskRun: TaskRun): Promise<{ id: string; created: boolean } | 'id taken'>;
  /** Consistent, with the runs they are the parents of; missing ones are left out. */
  readTaskRuns(ids: readonly string[]): Promise<TaskRunFound[]>;
  /** If it is in the state that was read. */
  updateTaskRun(read: TaskRun, change: Partial<TaskRun>): Promise<boolean>;
  deleteTaskRun(taskRun: TaskRun): Promise<void>;
  /** The ids of those of a flow run. Consistent. */
  listTaskRunsOf(flowRunId: string): Promise<string[]>;
  /** By the later of creation and expected start, latest first. An index read. */
  listTaskRuns(
    window: Omit<RunWindow, 'deploymentIds'>,
  ): Promise<{ entries: ListedRun[]; next?: string }>;
}
