import type { LogBatchEntry } from '../../model/logs.ts';
import type { LogFilter } from '../filters/logs.ts';

/**
 * How many lines of a batch match a filter, as far as the index knows; undefined: the lines
 * themselves must be read.
 */
export function countLines(
  entry: LogBatchEntry,
  filter: LogFilter | null | undefined,
): number | undefined {
  if (filter?.arrived?.after_ != null && entry.at < filter.arrived.after_) return 0;
  const counts = [byTime(entry, filter), byLevel(entry, filter), byTask(entry, filter)];
  if (counts.includes(0)) return 0;
  if (filter?.text != null) return undefined;
  const partial = counts.filter((count) => count !== entry.lines);
  return partial.length > 1 ? undefined : partial.length === 0 ? entry.lines : partial[0];
}

function byTime({ from, to, lines }: LogBatchEntry, filter: LogFilter | null | undefined) {
  const { after_, before_ } = filter?.timestamp ?? {};
  const [first, last] = [after_ ?? Number.NEGATIVE_INFINITY, before_ ?? Number.POSITIVE_INFINITY];
  if (to < first || from > last) return 0;
  return from >= first && to <= last ? lines : undefined;
}

function byLevel({ levels, lines }: LogBatchEntry, filter: LogFilter | null | undefined) {
  const { ge_, le_ } = filter?.level ?? {};
  if (ge_ == null && le_ == null) return lines;
  return levels?.reduce((sum, [level, some]) => {
    const fits = level >= (ge_ ?? level) && level <= (le_ ?? level);
    return fits ? sum + some : sum;
  }, 0);
}

function byTask({ ofTasks, lines }: LogBatchEntry, filter: LogFilter | null | undefined) {
  const { any_, is_null_ } = filter?.task_run_id ?? {};
  if (any_ != null) return ofTasks === 0 ? 0 : undefined;
  if (is_null_ == null) return lines;
  return is_null_ ? lines - ofTasks : ofTasks;
}
