import type { LateTerms } from '../../model/runs/run.ts';
import type { Schedule } from '../../model/schedules.ts';
import type { Instant } from '../../model/values/instant.ts';

export function lateTerms(
  { latePolicy, lateGrace }: Schedule,
  time: Instant,
  next: { readonly time: Instant; readonly runId: string } | undefined,
): LateTerms | undefined {
  if (latePolicy === 'skip') return { skipFrom: time + lateGrace };
  if (latePolicy !== 'latest' || !next) return undefined;
  return { skipFrom: next.time, unlessMissing: next.runId };
}
