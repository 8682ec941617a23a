import type * as z from 'zod';
import type { RunHistory } from '../../api/runs/statistics-schemas.ts';
import type { Bins, Interval } from '../../core/queries/statistics/count-by-time.ts';
import { type Instant, SECOND, toIso } from '../../model/values/instant.ts';

export const binsIn = (body: {
  readonly history_start: Instant;
  readonly history_end: Instant;
  readonly history_interval_seconds: number;
}): Bins => ({
  start: body.history_start,
  end: body.history_end,
  interval: Math.round(body.history_interval_seconds * SECOND),
});

export const historyShape = (intervals: readonly Interval[]): z.output<typeof RunHistory> =>
  intervals.map(({ start, end, states }) => ({
    interval_start: toIso(start),
    interval_end: toIso(end),
    states: states.map(({ type, name, runs, runTime, lateness }) => ({
      state_type: type,
      state_name: name,
      count_runs: runs,
      sum_estimated_run_time: runTime / SECOND,
      sum_estimated_lateness: lateness / SECOND,
    })),
  }));
