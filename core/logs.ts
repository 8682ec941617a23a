import type { LogLine } from '../model/logs.ts';
import type { Owner } from '../model/runs/run-store.ts';
import { DibsError } from '../model/values/errors.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import type { Context } from './context.ts';
import type { CutTexts } from './cut-texts.ts';
import { type LogFilter, matchesLog } from './filters/logs.ts';

/** The owner of log lines that belong to no run. */
const NO_RUN = '00000000-0000-0000-0000-000000000000';

export type AddressedLine = LogLine & { readonly runId: string | null };
export type NewLine = Omit<AddressedLine, 'id'>;

/** Stores log lines, one batch per run that they belong to. */
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

/** Keeps texts that were cut in the logs of their run or task run. */
export async function keepWholeTexts(
  context: Context,
  owner: Pick<NewLine, 'runId' | 'taskRunId'>,
  { told: message }: CutTexts,
): Promise<void> {
  if (message === undefined) return;
  await writeLogs(context, [
    { ...owner, name: 'dibs', level: WARNING, message, at: context.now() },
  ]);
}

/** Python's level, which Prefect uses. */
const WARNING = 30;

/**
 * Returns one page of log lines, sorted by time. They are found by their flow runs or task runs.
 * @throws DibsError filter_too_broad if the filter names no run, or too many
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
  if (!tasks) throw cannotLookUp('without the ids of their runs');
  return ownersOfTasks(context, [...new Set(tasks)]);
}

/**
 * The owners of the lines of task runs. Lines that name a flow run are stored with it. The flow run
 * is known only for task runs that were created on this server; engines do not send their ordinary
 * ones.
 */
async function ownersOfTasks({ store }: Context, ids: readonly string[]): Promise<Owner[]> {
  const known = await store.readTaskRuns(ids);
  const runIds = known.flatMap(({ taskRun }) => taskRun.flowRunId ?? []);
  const unknown = new Set(ids);
  for (const { taskRun } of known) unknown.delete(taskRun.id);
  for (const taskRunId of unknown) {
    const own = await store.readLogs({ taskRunId });
    if (own.length === 0)
      throw cannotLookUp(`of task run ${taskRunId}, which was not created on this server,`);
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
