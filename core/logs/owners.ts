import type { Owner } from '../../model/runs/run-store.ts';
import { DibsError } from '../../model/values/errors.ts';
import type { Context } from '../context.ts';
import type { LogFilter } from '../filters/logs.ts';
import { logIndex } from './log-index.ts';

/**
 * Whose lines a filter asks for.
 * @throws DibsError filter_too_broad
 */
export async function ownersOf(context: Context, filter: LogFilter): Promise<Owner[]> {
  const { operator, ...criteria } = filter;
  const given = Object.values(criteria).filter((criterion) => criterion != null);
  if (operator === 'or_' && given.length > 1) throw cannotLookUp('under `or_`');
  const runs = criteria.flow_run_id?.any_;
  if (runs) return [...new Set(runs)].map((runId) => ({ runId }));
  const tasks = criteria.task_run_id?.any_;
  if (!tasks) throw cannotLookUp('without the ids of their runs');
  return ownersOfTasks(context, [...new Set(tasks)]);
}

/**
 * The owners of the lines of task runs. Lines that name a flow run are stored with it. The flow run
 * is known only for task runs that were created on this server; engines do not send their ordinary
 * ones.
 */
async function ownersOfTasks(context: Context, ids: readonly string[]): Promise<Owner[]> {
  const known = await context.store.readTaskRuns(ids);
  const runIds = known.flatMap(({ taskRun }) => taskRun.flowRunId ?? []);
  const unknown = new Set(ids);
  for (const { taskRun } of known) unknown.delete(taskRun.id);
  for (const taskRunId of unknown) {
    if ((await logIndex(context, { taskRunId })).length === 0)
      throw cannotLookUp(`of task run ${taskRunId}, which was not created on this server,`);
  }
  return [
    ...[...new Set(runIds)].map((runId) => ({ runId })),
    ...ids.map((taskRunId) => ({ taskRunId })),
  ];
}

export const cannotLookUp = (
  which: string,
  hint = 'Name the flow runs: logs.flow_run_id.any_.',
): DibsError =>
  new DibsError('filter_too_broad', `Log lines ${which} cannot be looked up.`, { hint });
