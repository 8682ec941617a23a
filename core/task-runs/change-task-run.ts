import type { RunState } from '../../model/runs/run.ts';
import type { TaskRun } from '../../model/task-runs.ts';
import { DibsError } from '../../model/values/errors.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { CutTexts } from '../cut-texts.ts';
import { keepWholeTexts } from '../logs/write-logs.ts';
import { freeTagSlots } from '../named-limits/abandoned-slots.ts';
import { type Proposal, proposedState, type StateWish, toProposal } from '../states/proposal.ts';
import { readTaskRun } from './create-task-run.ts';
import { afterState } from './track-task-runs.ts';

/**
 * Stores a state of a task run without applying any rule: the process that executes the task
 * decides about its states. A state that is sent again is not written again.
 * @throws DibsError task_run_not_found, payload_too_large, too_busy
 */
export async function setTaskRunState(
  context: Context,
  id: string,
  wish: StateWish,
): Promise<{ state: RunState; wrote: boolean }> {
  const proposal: Proposal = await toProposal(context, { taskRunId: id }, wish, true);
  let wrote = true;
  const { state } = await change(context, id, (taskRun) => {
    wrote = taskRun.state.id !== proposal.stateId;
    return wrote ? afterState(taskRun, proposedState(proposal, context.now())) : {};
  });
  return { state, wrote };
}

/** @throws DibsError task_run_not_found, too_busy */
export async function updateTaskRun(context: Context, id: string, name: string): Promise<void> {
  const texts = new CutTexts();
  const updatedAt = context.now();
  const cut = texts.cut('name', name);
  const { flowRunId: runId } = await change(context, id, () => ({ name: cut, updatedAt }));
  await keepWholeTexts(context, { runId, taskRunId: id }, texts);
}

/** @throws DibsError task_run_not_found */
export async function deleteTaskRun(context: Context, id: string): Promise<void> {
  const { taskRun } = await readTaskRun(context, id);
  await freeTagSlots(context, [id]);
  await context.store.deleteTaskRun(taskRun);
}

async function change(
  context: Context,
  id: string,
  decide: (taskRun: TaskRun) => Partial<TaskRun>,
): Promise<TaskRun> {
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const { taskRun } = await readTaskRun(context, id);
    const changes = decide(taskRun);
    if (Object.keys(changes).length === 0) return taskRun;
    if (await context.store.updateTaskRun(taskRun, changes)) return { ...taskRun, ...changes };
  }
  throw new DibsError('too_busy', 'The task run kept changing while it was being changed.');
}
