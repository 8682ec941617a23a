import type { LogLine } from '../../model/logs.ts';
import type { Context } from '../context.ts';
import type { CutTexts } from '../cut-texts.ts';

/** The owner of log lines that belong to no run. */
export const NO_RUN = '00000000-0000-0000-0000-000000000000';

export type NewLine = Omit<LogLine, 'id'> & { readonly runId: string | null };

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
