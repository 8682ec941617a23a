import { currentState } from '../../model/runs/run.ts';
import { lateness, runTime } from '../../model/runs/run-times.ts';
import type { StateType } from '../../model/runs/state.ts';
import type { Instant, Micros } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Context } from '../context.ts';
import { withLateness } from '../states/lateness.ts';
import { findRuns } from './find-runs.ts';
import type { RunQuery } from './match-runs.ts';

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

export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
  readonly states: readonly StateCount[];
}

interface StateCount {
  readonly type: StateType;
  readonly name: string;
  readonly runs: number;
  readonly runTime: Micros;
  readonly lateness: Micros;
}

/** Counts runs per interval of their expected start, and in each interval per current state. */
export async function runHistory(
  context: Context,
  query: RunQuery,
  { start, end, interval }: { start: Instant; end: Instant; interval: Micros },
): Promise<Interval[]> {
  const count = Math.min(Math.ceil(Math.max(0, end - start) / interval), NUMBERS.historyIntervals);
  if (count === 0) return [];
  const expected = { from: start, before: start + count * interval };
  const runs = await findRuns(context, { ...query, expected });
  const at = context.now();
  const states = Array.from({ length: count }, () => new Map<string, StateCount>());
  for (const run of runs) {
    const { type, name } = withLateness(currentState(run), at);
    const here = states[Math.floor((run.expectedAt - start) / interval)];
    const known = here?.get(`${type} ${name}`);
    here?.set(`${type} ${name}`, {
      type,
      name,
      runs: (known?.runs ?? 0) + 1,
      runTime: (known?.runTime ?? 0) + runTime(run, at),
      lateness: (known?.lateness ?? 0) + lateness(run, at),
    });
  }
  return states.map((counts, i) => ({
    start: start + i * interval,
    end: start + (i + 1) * interval,
    states: [...counts.values()],
  }));
}
