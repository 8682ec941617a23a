import type { Context } from './context.ts';
import type { LogLine } from './records.ts';

/** Lines of no run go here. */
const NO_RUN = '00000000-0000-0000-0000-000000000000';

export type AddressedLine = LogLine & { readonly runId: string | null };
export type NewLine = Omit<AddressedLine, 'id'>;

/** Stores lines, one batch per run they speak of. */
export async function writeLogs(
  { store, now, newId }: Context,
  lines: readonly NewLine[],
): Promise<void> {
  const byRun = Map.groupBy(lines, ({ runId }) => runId ?? NO_RUN);
  const batches = [...byRun].map(([runId, batch]) => {
    const named = batch.map(({ runId: _, ...line }) => ({ ...line, id: newId() }));
    return store.writeLogs(runId, named, now(), newId());
  });
  await Promise.all(batches);
}

export interface LogFilter {
  readonly runIds: readonly string[];
  readonly levelAtLeast?: number;
  readonly levelAtMost?: number;
  readonly after?: number;
  readonly before?: number;
}

/** The lines of some runs by time, one page. */
export async function filterLogs(
  { store }: Context,
  filter: LogFilter,
  newestFirst: boolean,
  page: { offset: number; limit: number },
): Promise<AddressedLine[]> {
  const perRun = filter.runIds.map(async (runId) =>
    (await store.readLogs(runId)).map((line) => ({ ...line, runId })),
  );
  const lines = (await Promise.all(perRun)).flat().filter((line) => matches(line, filter));
  lines.sort((a, b) => (newestFirst ? b.at - a.at : a.at - b.at));
  return lines.slice(page.offset, page.offset + page.limit);
}

function matches({ level, at }: LogLine, filter: LogFilter): boolean {
  if (filter.levelAtLeast !== undefined && level < filter.levelAtLeast) return false;
  if (filter.levelAtMost !== undefined && level > filter.levelAtMost) return false;
  if (filter.after !== undefined && at < filter.after) return false;
  return filter.before === undefined || at <= filter.before;
}
