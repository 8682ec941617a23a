import { currentState, type RunState } from '../../model/runs/run.ts';
import type { Owner } from '../../model/runs/run-store.ts';
import type { TrackedTaskRun } from '../../model/task-runs.ts';
import type { Context } from '../context.ts';
import { findHistory, inOrder } from '../states/history.ts';
import { withLateness } from '../states/lateness.ts';

/** The states of a task run, and whose they are: those of its subflow if it tracks one. */
export interface TaskRunStates {
  readonly owner: Owner;
  readonly states: readonly RunState[];
}

/** The states that a task run has gone through, oldest first. */
export async function statesOf(
  context: Context,
  { taskRun, child }: TrackedTaskRun,
): Promise<TaskRunStates> {
  if (!child) {
    const states = inOrder([...taskRun.earlier, taskRun.state]);
    return { owner: { taskRunId: taskRun.id }, states };
  }
  const states = (await findHistory(context, child.id))?.states ?? [currentState(child)];
  const shown = states.map((state, i) =>
    i === states.length - 1 ? withLateness(state, context.now()) : state,
  );
  return { owner: { runId: child.id }, states: shown };
}
