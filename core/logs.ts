import type { LogLine } from '../model/logs.ts';
import type { Owner } from '../model/runs/run-store.ts';
import { DibsError } from '../model/values/errors.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import type { Context } from './context.ts';
import { type LogFilter, matchesLog } from './filters/logs.ts';

/** Lines of no run go here. */
const NO_RUN = '00000000-0000-0000-0000-000000000000';

export type AddressedLine = LogLine & { readonly runId: string | null };
export type NewLine = Omit<AddressedLine, 'id'>;

/** Stores lines, one batch per run that they speak of. */
export async function writeLogs(
  { store, now, newId }: Context,
  lines: readonly NewLine[],
): Promise<void> {
  const byOwner = Map.groupBy(lines, ({ runId, taskRunId }) =>
    runId ? `run ${runId}` : `task ${taskRunId}`,
  );
  const batches = [...byOwner.values()].map((batch) => {
    const [{ runId, taskRunId } = { runId: null, taskRunId: null }] = batch;
    const named = batch.map(({ runId: _, ...line }) => ({ ...line, id: newId() }));
    const owner = !runId && taskRunId ? { taskRunId } : { runId: runId ?? NO_RUN };
    return store.writeLogs(owner, { id: newId(), lines: named, at: now() });
  });
  await Promise.all(batches);
}

/**
 * One page of lines by time. They are found by the flow run or the task run that they speak of.
 * @throws DibsError filter_too_broad where the filter names neither, or too many
 */
export async function filterLogs(
  context: Context,
  filter: LogFilter | null | undefined,
  newestFirst: boolean,
  page: { readonly offset: number; readonly limit: number },
): Promise<AddressedLine[]> {
  const owners = await ownersOf(context, filter ?? {});
  if (owners.length > NUMBERS.filterPartitions)
    throw cannotLookUp(`of more than ${NUMBERS.filterPartitions} runs`);
  const matches = matchesLog(filter);
  const lines = (await Promise.all(owners.map((owner) => readLogs(context, owner))))
    .flat()
    .filter(matches);
  lines.sort((a, b) => (newestFirst ? b.at - a.at : a.at - b.at));
  return lines.slice(page.offset, page.offset + page.limit);
}

/** All lines of one run, oldest first. */
export async function logsOf(context: Context, runId: string): Promise<AddressedLine[]> {
  return (await readLogs(context, { runId })).sort((a, b) => a.at - b.at);
}

async function readLogs({ store }: Context, owner: Owner): Promise<AddressedLine[]> {
  const runId = 'runId' in owner && owner.runId !== NO_RUN ? owner.runId : null;
  return (await store.readLogs(owner)).map((line) => ({ ...line, runId }));
}

async function ownersOf(context: Context, filter: LogFilter): Promise<Owner[]> {
  const { operator, ...criteria } = filter;
  const given = Object.values(criteria).filter((criterion) => criterion != null);
  if (operator === 'or_' && given.length > 1) throw cannotLookUp('under `or_`');
  const runs = criteria.flow_run_id?.any_;
  if (runs) return [...new Set(runs)].map((runId) => ({ runId }));
  const tasks = criteria.task_run_id?.any_;
  if (!tasks) throw cannotLookUp('of no run in particular');
  return ownersOfTasks(context, [...new Set(tasks)]);
}

/**
 * Lines of a task run lie with its flow run, if they name that. Which one it is, is known of task runs
 * that were created here: an engine keeps its ordinary ones to itself.
 */
async function ownersOfTasks({ store }: Context, ids: readonly string[]): Promise<Owner[]> {
  const known = await store.readTaskRuns(ids);
  const runIds = known.flatMap(({ taskRun }) => taskRun.flowRunId ?? []);
  const unknown = new Set(ids);
  for (const { taskRun } of known) unknown.delete(taskRun.id);
  for (const taskRunId of unknown) {
    const own = await store.readLogs({ taskRunId });
    if (own.length === 0)
      throw cannotLookUp(`of task run ${taskRunId}, which was not created here`);
  }
  return [
    ...[...new Set(runIds)].map((runId) => ({ runId })),
    ...ids.map((taskRunId) => ({ taskRunId })),
  ];
}

const cannotLookUp = (which: string) =>
  new DibsError('filter_too_broad', `Log lines ${which} cannot be looked up.`, {
    hint: 'Name the flow runs: logs.flow_run_id.any_.',
  });
