import { currentState } from '../../../model/runs/run.ts';
import { lateness, runTime } from '../../../model/runs/run-times.ts';
import type { Instant } from '../../../model/values/instant.ts';
import type { Context } from '../../context.ts';
import { withLateness } from '../../states/lateness.ts';
import { findRuns } from '../find-runs.ts';
import type { RunQuery } from '../match-runs.ts';
import { type Bins, binsOf, counted, type Interval } from './count-by-time.ts';

/** @throws DibsError filter_too_broad, as every function in this file */
export const countRuns = async (context: Context, query: RunQuery): Promise<number> =>
  (await findRuns(context, query)).length;

/** The average lateness in microseconds; null if no run matches. */
export async function averageLateness(context: Context, query: RunQuery): Promise<Instant | null> {
  const runs = await findRuns(context, query);
  const at = context.now();
  const sum = runs.reduce((total, run) => total + lateness(run, at), 0);
  return runs.length === 0 ? null : sum / runs.length;
}

/** Counts runs per interval of their expected start, and in each interval per current state. */
export async function runHistory(
  context: Context,
  query: RunQuery,
  wish: Bins,
): Promise<Interval[]> {
  const bins = binsOf(wish);
  if (bins.count === 0) return [];
  const runs = await findRuns(context, { ...query, expected: bins });
  const at = context.now();
  const facts = runs.map((run) => ({
    state: withLateness(currentState(run), at),
    expectedAt: run.expectedAt,
    runTime: runTime(run, at),
    lateness: lateness(run, at),
  }));
  return counted(facts, bins);
}
