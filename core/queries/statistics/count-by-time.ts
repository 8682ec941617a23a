import type { StateType } from '../../../model/runs/state.ts';
import type { Instant, Micros } from '../../../model/values/instant.ts';
import { NUMBERS } from '../../../model/values/numbers.ts';

/** The time that is counted, and the length of one interval. */
export interface Bins {
  readonly start: Instant;
  readonly end: Instant;
  readonly interval: Micros;
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

/** What is counted of a flow run or a task run. */
export interface Counted {
  readonly state: { readonly type: StateType; readonly name: string };
  readonly expectedAt: Instant;
  readonly runTime: Micros;
  readonly lateness: Micros;
}

/** As many whole intervals as the time takes, at most NUMBERS.historyIntervals. */
export function binsOf({ start, end, interval }: Bins) {
  const count = Math.min(Math.ceil(Math.max(0, end - start) / interval), NUMBERS.historyIntervals);
  return { count, interval, from: start, before: start + count * interval };
}

/** Counts per interval of the expected start, and in each interval per state. */
export function counted(
  all: readonly Counted[],
  { count, interval, from }: ReturnType<typeof binsOf>,
): Interval[] {
  const states = Array.from({ length: count }, () => new Map<string, StateCount>());
  for (const { state, expectedAt, ...one } of all) {
    const key = `${state.type} ${state.name}`;
    const here = states[Math.floor((expectedAt - from) / interval)];
    const known = here?.get(key);
    here?.set(key, {
      type: state.type,
      name: state.name,
      runs: (known?.runs ?? 0) + 1,
      runTime: (known?.runTime ?? 0) + one.runTime,
      lateness: (known?.lateness ?? 0) + one.lateness,
    });
  }
  return states.map((counts, i) => ({
    start: from + i * interval,
    end: from + (i + 1) * interval,
    states: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state),
  }));
}
